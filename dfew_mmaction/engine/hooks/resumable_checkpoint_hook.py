"""Checkpoints that a kill at any moment leaves whole, and scores that it leaves out."""

from typing import Any

from mmaction.registry import HOOKS
from mmengine.fileio import LocalBackend, register_backend
from mmengine.hooks import CheckpointHook

from ...utils import atomic_write

_SCORED = 'scored_epoch'


class AtomicLocalBackend(LocalBackend):
    """MMEngine's disk, each file written beside its place and then renamed."""

    def put(self, obj: bytes, filepath: str) -> None:
        """Write a file, wholly or not at all."""
        with atomic_write(filepath) as beside:
            super().put(obj, beside)


register_backend('atomic_local', AtomicLocalBackend, force=True)


@HOOKS.register_module()
class ResumableCheckpointHook(CheckpointHook):
    """MMEngine's ``CheckpointHook``, for runs that may be killed.

    - A file on disk is replaced by a whole one: MMEngine writes the last checkpoint
      again when it is the best, over itself.
    - The checkpoint of an epoch is written before the epoch is scored. A run that was
      killed in between scores it when it is resumed, and so keeps the best that an
      undisturbed run keeps.

    For arguments see MMEngine.
    """

    backend_args: dict | None

    def before_train(self, runner: Any) -> None:
        """Prepare as MMEngine does, then score the epoch that is resumed from."""
        super().before_train(runner)
        if self.backend_args is None and type(self.file_backend) is LocalBackend:
            self.backend_args = dict(backend='atomic_local')
        loop, epoch = runner.train_loop, runner.epoch
        if not self.by_epoch or runner.val_loop is None or epoch == 0:
            return
        due = epoch >= loop.val_begin and (
            epoch % loop.val_interval == 0 or epoch == loop.max_epochs
        )
        if due and runner.message_hub.runtime_info.get(_SCORED) != epoch:
            runner.logger.info(
                f'The checkpoint was written before epoch {epoch} was scored: now it is'
            )
            runner.val_loop.run()

    def after_val_epoch(self, runner: Any, metrics: dict | None = None) -> None:
        """Note that the epoch was scored, and keep the best as MMEngine does."""
        runner.message_hub.update_info(_SCORED, runner.epoch)
        super().after_val_epoch(runner, metrics)
