"""The driver of experiments/losses on a small set."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from mmaction.registry import MODELS
from mmengine.registry import init_default_scope

from dfew_mmaction.cross_validation import plan_runs
from dfew_mmaction.datasets import pack_dfew
from dfew_mmaction.evaluation.functional import read_predictions
from dfew_mmaction.reports.report import make_report

FOLDER = Path(__file__).resolve().parents[2] / 'experiments' / 'losses'
CONFIGS = FOLDER.parents[1] / 'configs' / 'demo' / 'losses'
SHORT = {
    'train_cfg.max_epochs': 2,
    'param_scheduler.0.total_steps': 2,
    'model.backbone.base_channels': 4,
    'model.cls_head.in_channels': 32,
}


@pytest.fixture(scope='module')
def modules():
    sys.path.insert(0, str(FOLDER))
    try:
        import plan
        import results
        import train

        yield plan, results, train
    finally:
        sys.path.remove(str(FOLDER))


@pytest.fixture(scope='module')
def runs(demo_root, tmp_path_factory):
    init_default_scope('mmaction')
    work = tmp_path_factory.mktemp('losses')
    pack = pack_dfew(demo_root, out=work / 'pack', scale=(32, 32), workers=1)
    options = dict(SHORT)
    for part in ('train', 'val', 'test'):
        dataset = f'{part}_dataloader.dataset'
        options[f'{dataset}.data_root'] = str(demo_root)
        options[f'{dataset}.source'] = 'packed'
        options[f'{dataset}.pack'] = str(pack.folder)
    config = CONFIGS / 'ecstfl_bounded.py'
    return plan_runs([config], work / 'runs', (1,), seeds=(0,), options=options)


def test_a_run_is_trained_stored_and_restored(runs, modules, tmp_path):
    _, results, train = modules
    (run,) = runs
    run.write()
    assert not results.is_stored(run, tmp_path)
    known = train.execute(run)
    first, last = known['epochs']
    assert last['loss_cls'] < first['loss_cls']
    assert 0 < first['ecstfl_factor'] <= 1
    assert first['ecstfl_share'] <= 0.5 + 1e-4
    assert 0 < known['geometry']['nearest'] <= known['geometry']['between']
    results.store(run, tmp_path)
    assert results.is_stored(run, tmp_path)
    before = (run.folder / 'predictions.csv').read_bytes()
    results.restore(run, tmp_path)
    assert (run.folder / 'predictions.csv').read_bytes() == before
    scores = read_predictions(run.folder / 'predictions.csv')[2]
    assert abs(scores.sum(axis=1) - 1).max() < 1e-3
    report = make_report([run])
    assert report['problems'] == []
    assert report['settings'][0]['pooled']['WAR']['mean'] == known['score']['WAR']
    # Another setting is another run.
    run.config.optim_wrapper.optimizer.lr = 1.0
    assert not results.is_stored(run, tmp_path)


def test_every_stage_can_be_planned(modules, demo_root, tmp_path, monkeypatch):
    plan, _, _ = modules
    monkeypatch.setenv('DFEW_ROOT', str(demo_root))
    for stage in plan.STAGES:
        assert len(stage.configs) == len(stage.losses)
        short = replace(stage, folds=(1,), seeds=(0,))
        some = short.runs(tmp_path, Path('rendered'))
        assert some
        for run in some:
            for part in ('train', 'val', 'test'):
                root = run.config[f'{part}_dataloader'].dataset.data_root
                assert root == ('rendered' if stage.rendered else str(demo_root))
    core = [stage for stage in plan.STAGES if stage.name == 'losses']
    combined = {
        (loss, fold, seed)
        for stage in core
        for loss in stage.losses
        for fold in stage.folds
        for seed in stage.seeds
    }
    assert len(combined) == 7 * 5 * 4


@pytest.mark.slow
def test_ends_of_c3d(modules):
    import candidates  # noqa: F401, from the folder of the fixture

    clip = torch.rand(2, 3, 16, 56, 56)
    for end in ('linear', 'dropout'):
        torch.manual_seed(0)
        network = dict(norm_cfg=dict(type='BN3d'), out_dim=2048, dropout_ratio=0.5)
        stock = MODELS.build(dict(type='C3D', **network)).eval()
        ours = MODELS.build(dict(type='CandidateC3D', end=end, **network)).eval()
        ours.c3d.load_state_dict(stock.state_dict())
        with torch.no_grad():
            usual, x = stock(clip), ours(clip)
            dropped = ours.train()(clip)
        if end == 'linear':
            assert (x < 0).any() and x.relu().equal(usual)
        else:
            assert x.equal(usual)
            assert (dropped == 0).float().mean() > 0.7  # half by ReLU, half of the rest


def test_augmentation_keeps_the_order_of_frames(modules):
    train = modules[2]
    torch.manual_seed(0)
    clips = torch.arange(16, dtype=torch.uint8).reshape(1, 1, 16, 1, 1)
    clips = clips.expand(8, 3, 16, 2, 2)
    chosen = train.augment(clips, 4)[:, 0, :, 0, 0].long()
    assert chosen.shape == (8, 4)
    assert (chosen // 4 == torch.arange(4)).all()
