"""Schedules by a plateau of the training loss."""

from collections.abc import Iterator
from typing import Any

import torch
from mmaction.registry import HOOKS
from mmengine.dist import all_reduce
from mmengine.hooks import ParamSchedulerHook

TRAIN_LOSS = 'train/loss'


@HOOKS.register_module()
class PlateauSchedulerHook(ParamSchedulerHook):
    """Parameter schedulers that can also monitor the training loss.

    MMEngine passes only validation scores to ``ReduceOnPlateauLR``, but the paper
    lowers the learning rate when the training loss saturates. Use it instead of the
    default hook::

        default_hooks = dict(param_scheduler=dict(type='PlateauSchedulerHook'))
        param_scheduler = dict(type='ReduceOnPlateauLR', monitor='train/loss', …)

    A scheduler that monitors ``train/loss`` receives the mean of ``loss`` over the
    epoch and all processes at the end of each training epoch. This happens before the
    checkpoint is written, which therefore holds the new state of the scheduler. All
    other schedulers work as in MMEngine.
    """

    def before_train_epoch(self, runner: Any) -> None:
        """Reset the mean."""
        self._sum, self._count = torch.zeros(()), 0

    def after_train_iter(
        self,
        runner: Any,
        batch_idx: int,
        data_batch: Any = None,
        outputs: dict | None = None,
    ) -> None:
        """Add the loss of this iteration."""
        super().after_train_iter(runner, batch_idx, data_batch, outputs)
        if outputs is not None and 'loss' in outputs:
            # The sum stays on its device, so that no iteration waits for the GPU.
            self._sum = self._sum + torch.as_tensor(outputs['loss']).detach().float()
            self._count += 1

    def after_train_epoch(self, runner: Any) -> None:
        """Step all schedulers that work by epochs."""
        super().after_train_epoch(runner)
        watching = [s for s in _schedulers(runner) if watches_train_loss(s)]
        if not watching:
            return
        if not self._count:
            raise KeyError(
                f"a scheduler monitors '{TRAIN_LOSS}', but the model's train_step "
                "returns no 'loss'"
            )
        mean = self._sum / self._count
        all_reduce(mean, 'mean')
        for scheduler in watching:
            before = _values(scheduler)
            # The parent class has counted this epoch already.
            scheduler.step({TRAIN_LOSS: mean.item()})
            if _values(scheduler) != before:
                runner.logger.info(
                    f'{TRAIN_LOSS} has been on a plateau around {scheduler.best:.4f}: '
                    f'{scheduler.param_name} {before[0]:.3g} -> '
                    f'{_values(scheduler)[0]:.3g}'
                )

    def after_val_epoch(self, runner: Any, metrics: dict | None = None) -> None:
        """Step the schedulers that monitor a validation score."""
        if metrics is None:
            return
        for scheduler in _schedulers(runner):
            if (
                scheduler.by_epoch
                and getattr(scheduler, 'need_val_args', False)
                and not watches_train_loss(scheduler)
            ):
                scheduler.step(metrics)


def watches_train_loss(scheduler: Any) -> bool:
    """Whether a scheduler monitors the mean training loss."""
    return getattr(scheduler, 'monitor', None) == TRAIN_LOSS


def _schedulers(runner: Any) -> Iterator[Any]:
    groups = runner.param_schedulers or []
    for group in groups.values() if isinstance(groups, dict) else [groups]:
        yield from group


def _values(scheduler: Any) -> list:
    return [g[scheduler.param_name] for g in scheduler.optimizer.param_groups]
