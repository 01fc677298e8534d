from pathlib import Path

import pytest
import torch

from dfew_mmaction.engine.hooks.epoch_seed_hook import innermost

CHECKPOINT = dict(checkpoint=dict(type='CheckpointHook', interval=1))
SEED = [dict(type='EpochSeedHook')]


@pytest.mark.parametrize('randomness', [dict(seed=3), dict(seed=None)])
def test_resumed_run_draws_the_same(toy_runner, randomness):
    whole = toy_runner(
        4, None, CHECKPOINT, 'a', custom_hooks=SEED, randomness=randomness
    )
    whole.train()
    half = toy_runner(
        2, None, CHECKPOINT, 'b', custom_hooks=SEED, randomness=dict(seed=whole.seed)
    )
    half.model.load_state_dict(toy_weights(whole))
    half.train()
    resumed = toy_runner(
        4, None, CHECKPOINT, 'b', custom_hooks=SEED, randomness=randomness, resume=True
    )
    resumed.train()
    assert resumed.seed == whole.seed
    assert resumed.model.seen == whole.model.seen[4:]
    assert half.model.seen == whole.model.seen[:4]


def toy_weights(runner):
    """Weights with which a run of the same seed begins."""
    return runner.initial


@pytest.fixture(autouse=True)
def keep_initial_weights(monkeypatch):
    from mmengine.runner import Runner

    built = Runner.__init__

    def build(self, *args, **kwargs):
        built(self, *args, **kwargs)
        self.initial = {k: v.clone() for k, v in self.model.state_dict().items()}

    monkeypatch.setattr(Runner, '__init__', build)


def test_epochs_differ_and_seeds_differ(toy_runner):
    seen = []
    for name, seed in [('a', 1), ('b', 1), ('c', 2)]:
        runner = toy_runner(
            2, None, {}, name, custom_hooks=SEED, randomness=dict(seed=seed)
        )
        runner.model.layer.weight.data.fill_(1.0)
        runner.model.layer.bias.data.fill_(0.5)
        runner.train()
        seen.append(runner.model.seen)
    assert seen[0] == seen[1] != seen[2]
    assert seen[0][:2] != seen[0][2:]


def test_processes_with_seeds_of_their_own_share_the_data(tmp_path, run_group):
    script = Path(__file__).with_name('seed_in_processes.py')
    run_group(2, script, tmp_path)
    first, second = (torch.load(tmp_path / f'{rank}.pt') for rank in (0, 1))
    assert sorted(first['clips'] + second['clips']) == list(range(10))
    assert first['draw'] == second['draw'] != 0
    assert first['noise'] != second['noise']


def test_data_sets_in_wrappers_are_told(demo_root):
    from mmengine.dataset import ConcatDataset, RepeatDataset

    from dfew_mmaction.datasets import DFEWDataset

    parts = [DFEWDataset(str(demo_root), fold=k) for k in (1, 2)]
    assert list(innermost(ConcatDataset(parts, ignore_keys=['fold']))) == parts
    assert list(innermost(RepeatDataset(parts[0], 2))) == parts[:1]
    assert list(innermost(torch.utils.data.Subset(parts[0], [0]))) == parts[:1]
