import copy

import pytest
from mmengine.config import Config

import dfew_mmaction  # noqa: F401

HOOKS = dict(
    param_scheduler=dict(type='PlateauSchedulerHook'),
    checkpoint=dict(type='ResumableCheckpointHook', interval=1),
    schedule=dict(type='ScheduleHook'),
)


def cosine(epochs):
    return [
        dict(type='LinearLR', start_factor=0.01, end=2, convert_to_iter_based=True),
        dict(
            type='CosineAnnealingLR', begin=2, end=epochs, eta_min_ratio=0.01,
            convert_to_iter_based=True,
        ),
    ]  # fmt: skip


SCHEDULES = {
    'cosine': cosine,
    'T_max': lambda epochs: [dict(type='CosineAnnealingLR', T_max=epochs)],
    'one cycle': lambda epochs: [
        dict(
            type='OneCycleLR', eta_max=0.2, total_steps=epochs, by_epoch=True,
            convert_to_iter_based=True,
        )
    ],
    'polynomial': lambda epochs: [dict(type='PolyLR', end=epochs, eta_min=1e-4)],
}  # fmt: skip


class Watch:
    """Learning rate before each iteration."""

    priority = 50

    def __init__(self):
        self.rates = []

    def before_train_iter(self, runner, *args, **kwargs):
        self.rates.append(runner.optim_wrapper.get_lr()['lr'][0])

    def __getattr__(self, name):
        return lambda *args, **kwargs: None


def rates(runner):
    watch = Watch()
    runner._hooks.append(watch)
    runner.train()
    return watch.rates


def schedule(toy_runner, epochs, schedulers, **kwargs):
    return toy_runner(
        epochs, hooks=copy.deepcopy(HOOKS), param_scheduler=copy.deepcopy(schedulers),
        cfg=dict(param_scheduler=copy.deepcopy(schedulers)), **kwargs,
    )  # fmt: skip


@pytest.mark.parametrize('kind', SCHEDULES)
def test_more_epochs_continue_as_if_planned(toy_runner, tmp_path, kind):
    make = SCHEDULES[kind]
    planned = rates(schedule(toy_runner, 8, make(8), work_dir='planned'))
    short = rates(schedule(toy_runner, 4, make(4)))
    with pytest.raises(ValueError, match='ends at epoch 8.* ends at epoch 4') as e:
        rates(schedule(toy_runner, 8, make(4), resume=True))
    assert 'param_scheduler.' in str(e.value) and '=8' in str(e.value)
    rest = rates(schedule(toy_runner, 8, make(8), resume=True))
    assert len(short) == len(rest) == 8 and len(planned) == 16
    assert rest == pytest.approx(planned[8:])


def test_a_resumed_run_that_was_not_changed_is_left_alone(toy_runner):
    whole = rates(schedule(toy_runner, 6, cosine(6), work_dir='whole'))
    schedule(toy_runner, 3, cosine(6)).train()
    rest = rates(schedule(toy_runner, 6, cosine(6), resume=True))
    assert rest == whole[6:]


def test_another_rate_is_used_when_resumed(toy_runner):
    schedule(toy_runner, 3, cosine(6)).train()
    rate = dict(optim_wrapper=dict(optimizer=dict(type='SGD', lr=0.01)))
    rest = rates(schedule(toy_runner, 6, cosine(6), resume=True, **rate))
    whole = rates(schedule(toy_runner, 6, cosine(6), work_dir='whole', **rate))
    assert rest == pytest.approx(whole[6:])


def test_a_plateau_keeps_what_it_has_seen(toy_runner):
    plateau = dict(
        type='ReduceOnPlateauLR', monitor='train/loss', rule='less', factor=0.1,
        patience=1, end=10_000,
    )  # fmt: skip
    losses = [1.0] * 12
    schedule(toy_runner, 4, [plateau], script=losses).train()
    more = [dict(plateau, patience=2)]
    rest = rates(schedule(toy_runner, 12, more, script=losses, resume=True))
    assert rest[0] == pytest.approx(0.01) and rest[-1] == pytest.approx(1e-4)


def test_a_short_schedule_of_a_new_run(toy_runner, tmp_path):
    with pytest.raises(ValueError, match='ends at epoch 4.*total_steps=6'):
        schedule(toy_runner, 6, SCHEDULES['one cycle'](4)).train()
    schedule(toy_runner, 4, cosine(3), work_dir='other').train()
    (log,) = (tmp_path / 'other').rglob('*.log')
    assert 'The schedule ends at epoch 3, training at epoch 4' in log.read_text()


@pytest.mark.parametrize('kind', SCHEDULES)
def test_automatic_scaling_reaches_the_rate(toy_runner, kind):
    plain = rates(schedule(toy_runner, 4, SCHEDULES[kind](4), work_dir='plain'))
    scale = dict(enable=True, base_batch_size=1)  # the batch is 2
    twice = rates(schedule(toy_runner, 4, SCHEDULES[kind](4), auto_scale_lr=scale))
    # eta_min of the polynomial is absolute, and 0.1 % of the rate.
    assert twice[:-2] == pytest.approx([2 * rate for rate in plain[:-2]], rel=0.02)


def test_every_shipped_schedule_ends_with_training(repo):
    """Or later: otherwise training would continue at its last rate."""
    for path in sorted((repo / 'configs').glob('**/*.py')):
        if '_base_' in path.parts:
            continue
        config = Config.fromfile(path, import_custom_modules=False)
        entries = config.get('param_scheduler') or []
        ends = [
            entry.get('end') or entry.get('begin', 0) + (
                entry.get('total_steps') or entry.get('T_max') or 10**9
            )
            for entry in entries
        ]  # fmt: skip
        if ends:
            assert max(ends) >= config.train_cfg.max_epochs, path
