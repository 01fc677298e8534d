import pytest
import torch

HOOKS = dict(param_scheduler=dict(type='PlateauSchedulerHook'))
PLATEAU = dict(
    type='ReduceOnPlateauLR', monitor='train/loss', rule='less', factor=0.1, patience=1,
    threshold=0.01, end=10_000,
)  # fmt: skip


def rates(runner):
    """Learning rate in each epoch."""
    seen = []

    class Watch:
        priority = 50

        def before_train_epoch(self, runner):
            seen.append(runner.optim_wrapper.get_lr()['lr'][0])

        def __getattr__(self, name):
            return lambda *args, **kwargs: None

    runner._hooks.append(Watch())
    runner.train()
    return seen


def test_rate_falls_when_the_training_loss_stays(toy_runner):
    script = [3.0, 2.0, 1.0, 1.0, 1.0, 1.0, 0.5, 0.4]
    runner = toy_runner(8, script, HOOKS, param_scheduler=PLATEAU)
    got = rates(runner)
    assert got == pytest.approx([0.1, 0.1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.01])


def test_a_falling_loss_keeps_the_rate(toy_runner):
    runner = toy_runner(6, [6, 5, 4, 3, 2, 1.0], HOOKS, param_scheduler=PLATEAU)
    assert rates(runner) == pytest.approx([0.1] * 6)


def test_oracle_is_torch(toy_runner):
    script = torch.rand(30, generator=torch.Generator().manual_seed(0)).tolist()
    runner = toy_runner(30, script, HOOKS, param_scheduler=PLATEAU)
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.1)
    oracle = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimizer, factor=0.1, patience=1, threshold=0.01
    )
    expected = []
    for loss in script:
        expected.append(optimizer.param_groups[0]['lr'])
        oracle.step(loss)
    assert rates(runner) == pytest.approx(expected)


def test_resumed_run_remembers_the_plateau(toy_runner, tmp_path):
    script = [1.0] * 10
    hooks = dict(HOOKS, checkpoint=dict(type='CheckpointHook', interval=1))
    expected = rates(toy_runner(6, script, HOOKS, 'a', param_scheduler=PLATEAU))
    toy_runner(2, script, hooks, 'b', param_scheduler=PLATEAU).train()
    resumed = toy_runner(6, script, hooks, 'b', param_scheduler=PLATEAU, resume=True)
    assert rates(resumed) == pytest.approx(expected[2:])


def test_other_schedulers_work_as_before(toy_runner):
    steps = dict(type='MultiStepLR', milestones=[2], gamma=0.5, by_epoch=True)
    runner = toy_runner(4, None, HOOKS, param_scheduler=[steps, PLATEAU])
    assert rates(runner)[:3] == pytest.approx([0.1, 0.1, 0.05])
