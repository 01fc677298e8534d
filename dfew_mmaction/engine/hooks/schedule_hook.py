"""Schedules that follow the config when a run is resumed."""

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from mmaction.registry import HOOKS
from mmengine.hooks import Hook
from mmengine.runner import BaseLoop

# State that changes when a scheduler steps; the rest is set by the config.
_PROGRESS = {'last_step', '_global_step', '_last_value', 'verbose'}
_PLATEAU_PROGRESS = _PROGRESS | {'best', 'num_bad_epochs', 'cooldown_counter'}
_LENGTHS = ('end', 'T_max', 'total_steps')


@HOOKS.register_module()
class ScheduleHook(Hook):
    """Apply the schedule of the config in cases in which MMEngine ignores it.

    - A resumed run whose ``param_scheduler`` or learning rate was changed, for example
      for more epochs: MMEngine restores the old schedule from the checkpoint. This hook
      sets the schedule of the config at the current epoch, as if it had been used from
      the beginning. A ``ReduceOnPlateauLR`` keeps its rate and plateaus.
    - A resumed run with more epochs than its schedule is refused, because MMEngine
      would continue at the last rate. For a new run of this kind a warning is logged.
    - ``--auto-scale-lr`` with ``OneCycleLR``, whose ``eta_max`` replaces the rate that
      MMEngine scaled: the cycle is scaled.

    Raises:
        ValueError: If the schedule is too short; names the settings to change.
    """

    priority = 'NORMAL'

    def before_run(self, runner: Any) -> None:
        """Scale one-cycle schedules, and compare schedule and training in length."""
        training = isinstance(runner._train_loop, BaseLoop)
        if not training or not _is_list(runner.param_schedulers):
            return  # a test, no schedule, or several optimizers
        scale = runner.auto_scale_lr or {}
        if scale.get('enable'):
            batch = runner.train_dataloader.batch_size * runner.world_size
            _scale_cycles(runner, batch / scale['base_batch_size'])
        end, last = self._end(runner), runner.train_loop.max_epochs
        if runner._resume or end is None or end >= last:
            return
        if any(hasattr(s, 'total_steps') for s in runner.param_schedulers):
            raise ValueError(_too_short(runner, end))
        runner.logger.warning(
            f'The schedule ends at epoch {end:g}, training at epoch {last}: the epochs '
            'in between keep the last rate.'
        )

    def after_load_checkpoint(self, runner: Any, checkpoint: dict) -> None:
        """Advance the schedule of the config to the epoch of the checkpoint."""
        schedulers: Any = getattr(runner, 'param_schedulers', None)
        states: Any = checkpoint.get('param_schedulers')
        if not runner._resume or 'optimizer' not in checkpoint:
            return
        if not _is_list(schedulers) or not _is_list(states):
            return
        hub = checkpoint.get('message_hub') or {}
        before = (hub.get('runtime_info') or {}).get('max_epochs')
        end, last = self._end(runner), runner.train_loop.max_epochs
        if end is not None and before is not None and before <= end < last:
            raise ValueError(_too_short(runner, end))
        if len(states) == len(schedulers) and not any(
            map(_differs, schedulers, states)
        ):
            return
        _catch_up(schedulers, checkpoint)
        runner.logger.info(
            'Schedule or learning rate of the config differ from the checkpoint: those '
            'of the config are used from here on.'
        )

    @staticmethod
    def _end(runner: Any) -> float | None:
        """Epoch at which the last schedule ends; None without schedules."""
        ends = []
        for scheduler in runner.param_schedulers:
            # MMEngine sets `end` to the end of training if the config does not.
            length = getattr(scheduler, 'total_steps', None)
            length = getattr(scheduler, 'T_max', length)
            end = scheduler.end if length is None else scheduler.begin + length
            ends.append(end if scheduler.by_epoch else end / _epoch_length(runner))
        return max(ends, default=None)


def _is_list(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and bool(value)


def _epoch_length(runner: Any) -> int:
    return len(runner.train_dataloader)


def _is_plateau(scheduler: Any) -> bool:
    return hasattr(scheduler, 'num_bad_epochs')


def _settings(state: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: getattr(value, '__name__', value)
        for key, value in state.items()
        if key not in _PLATEAU_PROGRESS
    }


def _differs(scheduler: Any, state: Mapping[str, Any]) -> bool:
    return _settings(scheduler.state_dict()) != _settings(state)


def _catch_up(schedulers: Sequence[Any], checkpoint: dict) -> None:
    """Replace schedulers and rates in a checkpoint by those of the config."""
    steady = [s for s in schedulers if not _is_plateau(s)]
    _step(steady, checkpoint['meta']['epoch'], checkpoint['meta']['iter'])
    states = checkpoint['param_schedulers']
    same_kinds = len(states) == len(schedulers)
    new = []
    for index, scheduler in enumerate(schedulers):
        state = dict(scheduler.state_dict())
        if _is_plateau(scheduler) and same_kinds:
            progress = _PLATEAU_PROGRESS & states[index].keys()
            state.update({key: states[index][key] for key in progress})
        new.append(state)
    checkpoint['param_schedulers'] = new
    kept = {s.param_name for s in schedulers if _is_plateau(s)}
    names = {s.param_name for s in steady} - kept
    keys = {
        f'{prefix}{n}' for n in names for prefix in ('', 'initial_', 'max_', 'min_')
    }
    groups = checkpoint['optimizer']['param_groups']
    for group, ours in zip(groups, schedulers[0].optimizer.param_groups):
        group.update({key: ours[key] for key in keys & ours.keys()})


def _step(schedulers: Sequence[Any], epochs: int, iterations: int) -> None:
    """Step schedulers from the beginning of a run to an epoch and iteration."""
    with warnings.catch_warnings():
        # Of the optimizer, which has not stepped.
        warnings.simplefilter('ignore', UserWarning)
        for epoch in range(max(epochs, 1)):
            done = iterations * epoch // max(epochs, 1)
            for _ in range(done, iterations * (epoch + 1) // max(epochs, 1)):
                for scheduler in schedulers:
                    if not scheduler.by_epoch:
                        scheduler.step()
            for scheduler in schedulers:
                if scheduler.by_epoch and epochs:
                    scheduler.step()


def _scale_cycles(runner: Any, ratio: float) -> None:
    for scheduler in runner.param_schedulers:
        if hasattr(scheduler, 'total_steps') and hasattr(scheduler, 'eta_max'):
            for group in scheduler.optimizer.param_groups:
                for prefix in ('', 'initial_', 'max_', 'min_'):
                    group[f'{prefix}{scheduler.param_name}'] *= ratio
            scheduler.base_values = [ratio * value for value in scheduler.base_values]
            runner.logger.info(f'OneCycleLR is scaled by {ratio:g} as well.')


def _too_short(runner: Any, end: float) -> str:
    last = runner.train_loop.max_epochs
    entries = runner.cfg.get('param_scheduler') or []
    entries = entries if isinstance(entries, (list, tuple)) else [entries]
    options = [
        f'param_scheduler.{index}.{key}={last - (0 if key == "end" else begin)}'
        for index, entry in enumerate(entries)
        for begin in [entry.get('begin', 0)]
        for key in _LENGTHS
        if entry.get(key) is not None
        and entry[key] + (0 if key == 'end' else begin) == end
    ]
    return (
        f'Training ends at epoch {last}, but its schedule ends at epoch {end:g}: '
        'the epochs in between would be trained at the last rate. Extend the schedule, '
        f'by --cfg-options {" ".join(options) or "param_scheduler…"}, or set '
        f'train_cfg.max_epochs={end:g}.'
    )
