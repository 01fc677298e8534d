import pytest
import torch
from mmengine.evaluator import BaseMetric, Evaluator
from mmengine.fileio import get_file_backend

from dfew_mmaction.engine.hooks import resumable_checkpoint_hook as module

HOOKS = dict(
    checkpoint=dict(
        type='ResumableCheckpointHook', interval=1, save_best='UAR', rule='greater'
    )
)
UAR = {1: 0.2, 2: 0.9, 3: 0.5, 4: 0.6}


class Killed(BaseException):
    pass


class Epochs(BaseMetric):
    """Scores an epoch by what is written above."""

    def process(self, data_batch, data_samples):
        self.results.append(0)

    def compute_metrics(self, results):
        epoch = self.runner.epoch
        self.seen.append(epoch)
        if epoch == self.killed_at:
            raise Killed
        return dict(UAR=UAR[epoch])


def run(toy_runner, work_dir, killed_at=None, resume=False, epochs=4):
    runner = toy_runner(
        epochs, None, HOOKS, work_dir, resume=resume,
        custom_hooks=[dict(type='EpochSeedHook')], randomness=dict(seed=1),
        val_dataloader=dict(
            dataset=torch.utils.data.TensorDataset(torch.zeros(1)), batch_size=1,
            sampler=dict(type='DefaultSampler', shuffle=False),
        ),
        val_cfg=dict(type='ValLoop'), val_evaluator=Evaluator(Epochs()),
    )  # fmt: skip
    metric = runner.val_loop.evaluator.metrics[0]
    metric.runner, metric.killed_at, metric.seen = runner, killed_at, []
    runner.model.val_step = lambda batch: [dict(scored=True)]
    if killed_at is None:
        runner.train()
    else:
        with pytest.raises(Killed):
            runner.train()
    return metric.seen


def best(folder):
    return [path.name for path in folder.glob('best_*')]


def test_killed_while_scoring_keeps_the_best(toy_runner, tmp_path):
    assert run(toy_runner, 'whole') == [1, 2, 3, 4]
    assert best(tmp_path / 'whole') == ['best_UAR_epoch_2.pth']
    run(toy_runner, 'killed', killed_at=2)
    assert best(tmp_path / 'killed') == ['best_UAR_epoch_1.pth']
    assert run(toy_runner, 'killed', resume=True) == [2, 3, 4]
    assert best(tmp_path / 'killed') == ['best_UAR_epoch_2.pth']


def test_killed_while_scoring_the_last_epoch(toy_runner, tmp_path):
    run(toy_runner, 'run', killed_at=2, epochs=2)
    assert run(toy_runner, 'run', resume=True, epochs=2) == [2]
    assert best(tmp_path / 'run') == ['best_UAR_epoch_2.pth']


def test_scored_epoch_is_not_scored_again(toy_runner):
    run(toy_runner, 'run', epochs=2)
    assert run(toy_runner, 'run', resume=True) == [3, 4]


def test_interrupted_write_leaves_the_old_checkpoint(tmp_path):
    path = tmp_path / 'epoch_1.pth'
    backend = get_file_backend(path, backend_args=dict(backend='atomic_local'))
    backend.put(b'whole', path)
    with pytest.raises(TypeError):
        backend.put('no bytes', path)
    assert path.read_bytes() == b'whole' and list(tmp_path.iterdir()) == [path]


def test_checkpoints_go_through_that_backend(toy_runner, tmp_path, monkeypatch):

    put, written = module.AtomicLocalBackend.put, []

    def note(self, obj, path):
        written.append(str(path).rsplit('/', 1)[-1])
        put(self, obj, path)

    monkeypatch.setattr(module.AtomicLocalBackend, 'put', note)
    run(toy_runner, 'run', epochs=2)
    assert {'epoch_1.pth', 'epoch_2.pth', 'best_UAR_epoch_2.pth'} <= set(written)


def test_it_is_what_the_configs_use(repo):
    from mmengine.config import Config

    config = Config.fromfile(repo / 'configs/dfew/c3d.py')
    assert config.default_hooks.checkpoint.type == 'ResumableCheckpointHook'
