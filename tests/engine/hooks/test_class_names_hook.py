"""The hook in real runs: checkpoints on sets with other classes or another order."""

import pytest
import torch
from head_table import example_head
from mmaction.registry import MODELS
from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmengine.runner import Runner

from dfew_mmaction.engine import ClassNamesHook
from dfew_mmaction.models import FeatureLossHead
from dfew_mmaction.synthetic import lay_out
from dfew_mmaction.utils import CLASSES

ORDER = ('angry', 'disgust', 'fear', 'happy', 'neutral', 'sad', 'surprise')


@pytest.fixture(scope='module')
def config(tmp_path_factory, demo_root, tiny_config):
    """A config on FERV39k's layout, and a checkpoint that it trained for an epoch."""
    folder = tmp_path_factory.mktemp('names')
    lay_out(demo_root, folder / 'FERV39k', 'ferv39k')
    more = f"""
own = dict(_delete_=True, type='FERV39kDataset', data_root='{folder / 'FERV39k'}')
train_dataloader['dataset'] = dict(own, split='train', pipeline=train_pipeline)
val_dataloader['dataset'] = dict(own, split='test', pipeline=test_pipeline)
"""
    path = tiny_config(folder, 'ce', epochs=1, more=more)

    def _config(work_dir, name=None, **options):
        cfg = Config.fromfile(path)
        cfg.work_dir, cfg.launcher = str(work_dir), 'none'
        cfg.experiment_name = name or work_dir.name
        cfg.merge_from_dict({k.replace('__', '.'): v for k, v in options.items()})
        return cfg

    Runner.from_cfg(_config(folder / 'run')).train()
    return _config, str(folder / 'run' / 'epoch_1.pth'), str(folder / 'FERV39k')


def run_test(config, tmp_path, **options):
    make, checkpoint, _ = config
    return Runner.from_cfg(make(tmp_path, load_from=checkpoint, **options)).test()


def test_checkpoint_remembers_and_fits(config, tmp_path):
    _, checkpoint, _ = config
    meta = torch.load(checkpoint, weights_only=True)['meta']['dataset_meta']
    assert tuple(meta['classes']) == CLASSES and meta['dataset'] == 'FERV39k'
    assert {f'acc/recall_{name}' for name in CLASSES} <= run_test(
        config, tmp_path
    ).keys()


def test_another_order_is_an_error_that_shows_both(config, tmp_path):
    with pytest.raises(ValueError, match='classes in another order') as error:
        run_test(config, tmp_path, test_dataloader__dataset__classes=ORDER)
    assert f'checkpoint: {", ".join(CLASSES)}' in str(error.value)
    assert f'data      : {", ".join(ORDER)}' in str(error.value)
    assert "Read the data by `classes=('happy', 'sad'" in str(error.value)


def test_other_names_need_a_mapping(config, tmp_path):
    names = ('joy', *CLASSES[1:])
    options = dict(
        test_dataloader__dataset__classes=names,
        test_dataloader__dataset__aliases=dict(happy='joy'),
    )
    with pytest.raises(ValueError, match='trained with other classes'):
        run_test(config, tmp_path / 'a', **options)
    mapping = {'default_hooks__class_names__mapping': dict(happy='joy')}
    scores = run_test(config, tmp_path / 'b', **options, **mapping)
    usual = run_test(config, tmp_path / 'c')
    assert scores['acc/recall_joy'] == usual['acc/recall_happy']
    assert scores['acc/UAR'] == usual['acc/UAR']
    # Synonyms are the same without one.
    same = ('Happiness', *CLASSES[1:])
    run_test(config, tmp_path / 'd', test_dataloader__dataset__classes=same)


def test_number_of_classes_fits_the_head(config, tmp_path):
    eight = (*CLASSES, 'contempt')
    with pytest.raises(
        ValueError, match='The head has 7 classes and the data 8: happy'
    ):
        run_test(config, tmp_path, test_dataloader__dataset__classes=eight)


def test_training_and_validation_have_the_same(config, tmp_path):
    make, _, _ = config
    cfg = make(tmp_path, val_dataloader__dataset__classes=ORDER)
    with pytest.raises(ValueError, match='validation have different classes'):
        Runner.from_cfg(cfg).train()


def test_training_goes_on_from_a_classifier_in_its_order_or_a_new_one(
    config, tmp_path, caplog
):
    make, checkpoint, _ = config
    parts = {f'{p}_dataloader__dataset__classes': ORDER for p in ('train', 'val')}
    common = dict(parts, load_from=checkpoint, optim_wrapper__optimizer__lr=0.0)
    with pytest.raises(ValueError, match="or set `classifier='new'` of ClassNames"):
        Runner.from_cfg(make(tmp_path / 'a', **common)).train()
    common['param_scheduler'] = []
    for how in ('keep', 'new'):
        order = {} if how == 'new' else dict.fromkeys(parts, CLASSES)
        hook = {'default_hooks__class_names__classifier': how}
        cfg = make(tmp_path / how, **{**common, **order, **hook})
        cfg.optim_wrapper.optimizer.weight_decay = 0.0
        runner = Runner.from_cfg(cfg)
        runner.train()
        before = torch.load(checkpoint, weights_only=True)['state_dict']
        after = runner.model.cpu().state_dict()
        name = 'backbone.conv1.conv.weight'
        assert after[name].equal(before[name])
        kept = after['cls_head.fc_cls.weight'].equal(before['cls_head.fc_cls.weight'])
        assert kept is (how == 'keep')
        meta = torch.load(tmp_path / how / 'epoch_1.pth', weights_only=True)['meta']
        wanted = CLASSES if how == 'keep' else ORDER
        assert tuple(meta['dataset_meta']['classes']) == wanted
    # Its own checkpoint is whole for the test of the same config.
    last = str(tmp_path / 'new' / 'epoch_1.pth')
    test_parts = dict(test_dataloader__dataset__classes=ORDER)
    hook = {'default_hooks__class_names__classifier': 'new'}
    cfg = make(tmp_path / 'e', **{**hook, **test_parts, 'load_from': last})
    assert 0 <= Runner.from_cfg(cfg).test()['acc/WAR'] <= 1


class OwnHead(torch.nn.Module):
    """Two layers with as many outputs as there are classes."""

    num_classes = 7

    def __init__(self):
        super().__init__()
        self.first, self.last = torch.nn.Linear(5, 7), torch.nn.Linear(7, 7)


@pytest.mark.parametrize(
    'make, scores',
    [
        (lambda: MODELS.build(example_head('TRNHead')),
         {f'consensus.fc_fusion_scales.{i}.3' for i in range(7)}),
        (lambda: MODELS.build(example_head('X3DHead')), {'fc2'}),
        (lambda: FeatureLossHead(OwnHead(), classifier='first'), {'first'}),
    ],
)  # fmt: skip
def test_a_new_classifier_is_new_in_all_its_layers(toy_runner, tmp_path, make, scores):
    init_default_scope('mmaction')
    runner = toy_runner(
        1, custom_hooks=[dict(type='ClassNamesHook', classifier='new')],
        load_from=str(tmp_path / 'c.pth'),
    )  # fmt: skip
    runner.model.cls_head = make()
    given = {k: torch.randn_like(v) for k, v in runner.model.state_dict().items()}
    torch.save(dict(state_dict=dict(given), meta={}), tmp_path / 'c.pth')
    runner.train()
    after = runner.model.state_dict()
    others = {
        name.removeprefix('cls_head.').rsplit('.', 1)[0]
        for name, value in after.items()
        if name.startswith('cls_head.') and not value.equal(given[name])
    }
    assert others == scores


def test_a_classifier_that_is_not_there_is_not_new(toy_runner, tmp_path):
    weights = {'cls_head.fc.weight': torch.zeros(7, 5)}
    torch.save(dict(state_dict=weights), tmp_path / 'c.pth')
    hooks = [dict(type='ClassNamesHook', classifier='new')]
    options = dict(custom_hooks=hooks, load_from=str(tmp_path / 'c.pth'))
    runner = toy_runner(1, **options)
    runner.model.cls_head = MODELS.build(example_head('I3DHead'))
    with pytest.raises(ValueError, match='none of the weights.* cls_head.fc_cls.weig'):
        runner.train()
    # A backbone alone is taken as it is.
    weights = {'layer.bias': torch.full((1,), 3.0)}
    torch.save(dict(state_dict=weights), tmp_path / 'c.pth')
    runner = toy_runner(1, work_dir='b', **options)
    runner.model.cls_head = MODELS.build(example_head('I3DHead'))
    runner.train()


def test_wrong_argument():
    with pytest.raises(ValueError, match="classifier must be 'keep' or 'new'"):
        ClassNamesHook(classifier='fresh')


def test_eleven_classes_are_trained_scored_and_written(
    config, tmp_path, demo_root, tiny_config
):
    make, _, _ = config
    root = lay_out(demo_root, tmp_path / 'MAFW', 'mafw')
    path = root / 'Train & Test Set/single/no_caption/set_2/test.txt'
    lines = path.read_text().splitlines()
    for i, word in enumerate(('contempt', 'anxiety', 'helplessness', 'disappointment')):
        lines[i] = f'{lines[i].split()[0]} {word}'
    path.write_text('\n'.join(lines))
    cfg = make(tmp_path / 'run', 'mafw', model__cls_head__num_classes=11)
    for loader in (cfg.train_dataloader, cfg.val_dataloader, cfg.test_dataloader):
        loader.dataset.update(type='MAFWDataset', data_root=str(root), fold=2)
    dump = dict(type='DumpPredictions', out_file=str(tmp_path / 'p.csv'))
    cfg.val_evaluator = dict(type='UARWARMetric', num_classes=11)
    cfg.test_evaluator = [cfg.val_evaluator, dump]
    runner = Runner.from_cfg(cfg)
    runner.train()
    scores = runner.test()
    recalls = [k for k in scores if k.startswith('acc/recall_')]
    assert len(recalls) == 11 and recalls[-1] == 'acc/recall_disappointment'
    header = (tmp_path / 'p.csv').read_text().splitlines()[0].split(',')
    assert len(header) == 14 and header[-4] == 'score_contempt'
    log = next(tmp_path.glob('run/*/*.log')).read_text()
    assert "fold 2, part 'train', source 'frames': 56 clips" in log
