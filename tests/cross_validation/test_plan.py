import json
import os

import pytest
from mmengine.config import Config

from dfew_mmaction.cross_validation import plan_runs
from dfew_mmaction.datasets import pack_dfew

LAMBDA = 'model.cls_head.feature_losses.0.loss_weight'


@pytest.fixture(autouse=True)
def root(monkeypatch, demo_root):
    monkeypatch.setenv('DFEW_ROOT', str(demo_root))
    monkeypatch.delenv('DFEW_FOLD', raising=False)


@pytest.fixture
def tiny(tmp_path, tiny_config):
    def _tiny(name='tiny', epochs=2, more=''):
        return tiny_config(tmp_path, name, 'ecstfl', epochs, more)

    return _tiny


def parts(config):
    return [config[f'{p}_dataloader'].dataset for p in ('train', 'val', 'test')]


def test_every_fold_seed_and_value_once(tiny, tmp_path):
    runs = plan_runs(
        [tiny('a'), tiny('b')], tmp_path, [1, 3], seeds=[0, 5], grid={LAMBDA: [1, 0.5]}
    )
    assert len({run.folder for run in runs}) == len(runs) == 16
    assert runs[0].folder == tmp_path / 'a' / 'loss_weight=1' / 'fold1_seed0'
    for run in runs:
        assert [part.fold for part in parts(run.config)] == [run.fold] * 3
        assert run.config.randomness.seed == run.seed
        loss = run.config.model.cls_head.feature_losses[0]
        assert loss.loss_weight == run.values[LAMBDA]
    # Whole comparisons end first: a fold of a seed with all settings.
    assert {(run.fold, run.seed) for run in runs[:4]} == {(1, 0)}


def test_the_grid_of_the_transfer_guide(repo, tmp_path, monkeypatch):
    monkeypatch.setenv('AFEW_ROOT', str(tmp_path))
    key = 'default_hooks.class_names.classifier'
    assert f'{key}=keep,new' in (repo / 'docs' / 'transfer.md').read_text()
    for name in ('c3d', 'c3d_ecstfl', 'resnet3d18', 'resnet3d18_ecstfl'):
        path = repo / 'configs' / 'afew' / f'{name}_from_dfew.py'
        runs = plan_runs([path], tmp_path, [1], grid={key: ['keep', 'new']})
        hooks = [run.config.default_hooks.class_names for run in runs]
        assert [hook.classifier for hook in hooks] == ['keep', 'new']
        assert {hook.type for hook in hooks} == {'ClassNamesHook'}


def test_fold_that_is_written_down_or_wrapped_is_set(tmp_path, repo, tiny):
    fold_config = repo / 'configs/dfew/folds/c3d_ecstfl_fd2.py'
    config = plan_runs([fold_config], tmp_path, [4])[0].config
    assert [part.fold for part in parts(config)] == [4] * 3 and config.fold == 4
    wrapped = tiny(
        more="""
train_dataloader['dataset'] = dict(
    _delete_=True, type='RepeatDataset', times=2,
    dataset=dict(type='DFEWDataset', data_root='x', pipeline=train_pipeline))"""
    )
    config = plan_runs([wrapped], tmp_path, [5])[0].config
    assert config.train_dataloader.dataset.dataset.fold == 5


def test_written_config_does_not_need_the_environment(tiny, tmp_path, monkeypatch):
    run = plan_runs([tiny()], tmp_path / 'w', [2])[0]
    run.write()
    monkeypatch.setenv('DFEW_ROOT', '/elsewhere')
    monkeypatch.setenv('DFEW_FOLD', '4')
    written = Config.fromfile(run.folder / 'config.py')
    assert {part.fold for part in parts(written)} == {2}
    assert '/elsewhere' not in written.pretty_text


def test_the_environment_is_left_alone(tiny, tmp_path, monkeypatch):
    monkeypatch.setenv('DFEW_FOLD', '4')
    runs = plan_runs([tiny()], tmp_path, [1, 3], options={'train_cfg.max_epochs': 1})
    assert [{part.fold for part in parts(run.config)} for run in runs] == [{1}, {3}]
    assert os.environ['DFEW_FOLD'] == '4'
    runs[0].write()
    described = json.loads((runs[0].folder / 'run.json').read_text())
    assert described['options'] == {'train_cfg.max_epochs': 1}


def test_val_fraction_carves_validation_out_of_training(tiny, tmp_path):
    run = plan_runs([tiny()], tmp_path, [1], select='val', val_fraction=0.25)[0]
    train, val, test = parts(run.config)
    assert (train.split, train.val_fraction) == ('train', 0.25)
    assert (val.split, val.val_fraction) == ('val', 0.25)
    assert test.split == 'test' and 'val_fraction' not in test


@pytest.mark.parametrize(
    'arguments, message',
    [
        (dict(grid={'model.cls_head.lambda': [1]}), 'no `model.cls_head.lambda`'),
        (dict(folds=[1, 1]), '1 occurs twice'),
        (dict(seeds=[]), 'nothing to run'),
        (dict(select='val'), 'Set val_fraction'),
        (dict(select='best', val_fraction=0.1), "goes with select='val'"),
        (dict(select='first'), 'select must be one of'),
        (dict(folds=[0]), 'folds must be numbers from 1, got 0'),
        (dict(seeds=[0, -1]), 'seeds must be numbers from 0, got -1'),
    ],
)
def test_what_cannot_be_planned(tiny, tmp_path, arguments, message):
    with pytest.raises(ValueError, match=message):
        plan_runs([tiny()], tmp_path, **arguments)


def test_config_that_is_missing_or_has_no_folds(tmp_path):
    with pytest.raises(FileNotFoundError, match='no config'):
        plan_runs([tmp_path / 'none.py'], tmp_path)
    (tmp_path / 'c.py').write_text("train_dataloader = dict(dataset=dict(type='X'))")
    with pytest.raises(ValueError, match='no part reads a fold'):
        plan_runs([tmp_path / 'c.py'], tmp_path)


def test_another_config_in_the_same_folder_is_refused(tiny, tmp_path):
    plan_runs([tiny()], tmp_path / 'w', [1])[0].write()
    changed = plan_runs([tiny(epochs=7)], tmp_path / 'w', [1])[0]
    with pytest.raises(ValueError, match=r'(?s)other settings.*max_epochs=2.*=7'):
        changed.write()


def test_another_selection_is_scored_anew_and_not_trained(tiny, tmp_path):
    run = plan_runs([tiny()], tmp_path / 'w', [1])[0]
    run.write()
    path = run.folder / 'run.json'
    done = {**json.loads(path.read_text()), 'trained': True, 'finished': 'x'}
    path.write_text(json.dumps(done))
    plan_runs([tiny()], tmp_path / 'w', [1], select='best')[0].write()
    after = json.loads(path.read_text())
    assert after['trained'] and after['select'] == 'best' and 'finished' not in after


def test_packed_frames_are_called_what_they_are(tiny, tmp_path, demo_copy, monkeypatch):
    pack_dfew(demo_copy, scale=(32, 32), fold=1, workers=1)
    monkeypatch.setenv('DFEW_ROOT', str(demo_copy))
    monkeypatch.setenv('DFEW_SOURCE', 'packed')
    run = plan_runs([tiny()], tmp_path / 'w', [1])[0]
    assert run.dataset.source == 'packed' and run.source == '16f'
