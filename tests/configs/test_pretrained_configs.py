"""Configs with weights from Kinetics: checkpoints, normalisation, learning rates."""

from pathlib import Path

import mmaction
import pytest
import torch
import yaml
from mmaction.registry import MODELS
from mmengine.config import Config
from mmengine.optim import build_optim_wrapper
from mmengine.registry import init_default_scope
from mmengine.runner import Runner, save_checkpoint

from dfew_mmaction.models.heads import classifier_layers

REPO = Path(__file__).resolve().parents[2]
MIM = Path(mmaction.__file__).parent / '.mim'
PRETRAINED = sorted(
    path.stem
    for path in (REPO / 'configs/dfew').glob('*.py')
    if 'load_from' in path.read_text()
)


@pytest.fixture(autouse=True)
def scope():
    init_default_scope('mmaction')


def ours(name):
    return Config.fromfile(REPO / 'configs' / 'dfew' / f'{name}.py')


def theirs(address):
    """MMAction2's config of the model whose weights have a URL."""
    for path in (MIM / 'configs' / 'recognition').glob('*/metafile.yml'):
        for model in yaml.safe_load(path.read_text())['Models']:
            if model.get('Weights') == address:
                assert model['Results'][0]['Dataset'] == 'Kinetics-400'
                return Config.fromfile(MIM / model['Config'])
    raise AssertionError(f'no metafile of MMAction2 names {address}')


def build(config):
    """A network without values; some read values while they are built."""
    if 'pretrained' in config.backbone:
        config.backbone.pretrained = None
    return MODELS.build(config)


def test_there_are_six():
    assert len(PRETRAINED) == 6


@pytest.mark.parametrize('name', PRETRAINED)
def test_the_checkpoint_of_the_model_zoo_fits_but_for_the_classifier(name):
    config = ours(name)
    stock = theirs(config.load_from)
    for key in ('mean', 'std', 'format_shape'):
        assert config.model.data_preprocessor[key] == stock.model.data_preprocessor[key]
    model = build(config.model)
    wanted = {k: v.shape for k, v in model.state_dict().items()}
    given = {k: v.shape for k, v in build(stock.model).state_dict().items()}
    assert wanted.keys() == given.keys()
    ((classifier, _),) = classifier_layers(model.cls_head)
    differ = {key for key in wanted if wanted[key] != given[key]}
    assert differ == {f'cls_head.{classifier}.{part}' for part in ('weight', 'bias')}
    assert given[f'cls_head.{classifier}.bias'] == (400,)
    # The rates of the layers: MMAction2's constructors know these networks.
    optimizer = build_optim_wrapper(model, config.optim_wrapper).optimizer
    rates = {}
    names = {id(p): n for n, p in model.named_parameters()}
    for group in optimizer.param_groups:
        rates.update((names[id(p)], group['lr']) for p in group['params'])
    assert rates.keys() == set(names.values())
    base = config.optim_wrapper.optimizer.lr
    assert rates[f'cls_head.{classifier}.weight'] == base == pytest.approx(9.375e-5)
    if name in ('mvit_s_ecstfl', 'videomae_vit_b_ecstfl'):
        layers = len(model.backbone.blocks)
        first = next(n for n in rates if n.startswith('backbone.patch_embed'))
        assert rates[first] == pytest.approx(base * 0.75 ** (layers + 1))
        last = next(n for n in rates if n.startswith(f'backbone.blocks.{layers - 1}.'))
        assert rates[last] == pytest.approx(base * 0.75)
    elif name == 'swin_t_ecstfl':
        backbone = {lr for n, lr in rates.items() if n.startswith('backbone.')}
        assert all(lr == pytest.approx(base / 10) for lr in backbone)
    else:
        assert set(rates.values()) == {base}


def test_training_begins_from_a_checkpoint_of_400_classes(
    tmp_path, demo_root, monkeypatch, capsys
):
    monkeypatch.setenv('DFEW_ROOT', str(demo_root))
    torch.manual_seed(0)
    config = ours('x3d_m_ecstfl')
    stock = theirs(config.load_from)
    stock.model.backbone.gamma_d = config.model.backbone.gamma_d = 0.5
    network = build(stock.model)
    checkpoint = dict(state_dict=network.state_dict(), meta=dict(epoch=3))
    save_checkpoint(checkpoint, str(tmp_path / 'kinetics.pth'))
    config.load_from = str(tmp_path / 'kinetics.pth')
    for part in ('train_dataloader', 'val_dataloader'):
        for step in config[part].dataset.pipeline:
            if 'scale' in step:
                step.scale = (32, 32)
        config[part].update(batch_size=8, num_workers=0, persistent_workers=False)
    config.test_dataloader = config.val_dataloader
    config.train_cfg = dict(
        type='IterBasedTrainLoop', max_iters=1, val_begin=1, val_interval=1
    )
    config.param_scheduler = None
    config.default_hooks.pop('epoch_seed')
    config.default_hooks.checkpoint = dict(type='CheckpointHook', interval=-1)
    config.work_dir, config.experiment_name = str(tmp_path), tmp_path.name
    config.optim_wrapper.optimizer.lr = 0.0
    config.optim_wrapper.optimizer.weight_decay = 0.0
    runner = Runner.from_cfg(config)
    runner.train()
    # The rate is zero: the loaded weights are unchanged.
    got, given = runner.model.state_dict(), network.state_dict()
    weights = [k for k, _ in network.named_parameters() if 'fc2' not in k]
    assert weights and all(got[k].equal(given[k]) for k in weights)
    assert got['cls_head.fc2.weight'].shape == (7, 2048)
    said = capsys.readouterr().out
    assert said.count('size mismatch for cls_head.fc2') == 2
    assert said.count('size mismatch') == 2 and 'missing keys' not in said
    # Tested, not trained, it would be scored with a random classifier.
    config.experiment_name = f'{tmp_path.name}_test'
    runner = Runner.from_cfg(config)
    parts = r'2 of \d+ weights.*\n.*fc2.bias .*\(400,\)\n.*fc2.weight .*\(400, 2048\)'
    with pytest.raises(ValueError, match=parts):
        runner.test()
