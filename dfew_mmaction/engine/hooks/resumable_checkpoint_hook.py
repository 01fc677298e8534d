"""Checkpoints and validation scores that survive a kill at any moment."""

from typing import Any

from mmaction.registry import HOOKS
from mmengine.fileio import LocalBackend, register_backend
from mmengine.hooks import CheckpointHook

from ...utils import atomic_write

_SCORED = 'scored_epoch'


class AtomicLocalBackend(LocalBackend):
    """MMEngine's local file backend with atomic writes."""

    def put(self, obj: bytes, filepath: str) -> None:
        """Write a file atomically."""
        with atomic_write(filepath) as temporary:
            super().put(obj, temporary)


register_backend('atomic_local', AtomicLocalBackend, force=True)


@HOOKS.register_module()
class ResumableCheckpointHook(CheckpointHook):
    """MMEngine's ``CheckpointHook``, for runs that may be killed.

    - Files on the local disk are written atomically. MMEngine overwrites the last
      checkpoint when it is the best.
    - The checkpoint of an epoch is written before the epoch is validated. A run that
      was killed in between validates it on resume, and therefore keeps the same best
      checkpoint as an uninterrupted run.

    The arguments are those of MMEngine.
    """

    backend_args: dict | None

    def before_train(self, runner: Any) -> None:
        """Validate the epoch of a resumed checkpoint if that is missing."""
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
                f'Epoch {epoch} was not scored before the interruption: scoring it now'
            )
            runner.val_loop.run()

    def after_val_epoch(self, runner: Any, metrics: dict | None = None) -> None:
        """Record that the epoch was validated, then keep the best checkpoint."""
        runner.message_hub.update_info(_SCORED, runner.epoch)
        super().after_val_epoch(runner, metrics)
