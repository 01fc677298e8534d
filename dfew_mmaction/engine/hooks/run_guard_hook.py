"""Conditions that a run needs, checked before it starts."""

from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from mmaction.registry import HOOKS
from mmengine.dist import is_main_process
from mmengine.hooks import Hook
from mmengine.runner import BaseLoop

try:
    import resource
except ImportError:  # not on Windows, which has no such limit
    resource = None  # type: ignore[assignment]

#: Open files of a process in addition to received tensors.
_FILES = 64
#: Tensors per sample, and mini-batches that a process holds at a time.
_TENSORS, _BATCHES = 2, 3


@HOOKS.register_module()
class RunGuardHook(Hook):
    """Refuse a run that would overwrite the files of another one, or hang.

    - Training locks its work dir: two trainings in one folder would overwrite each
      other's checkpoints. The lock ends with the process.
    - Worker processes pass each tensor by an open file. The limit of open files is
      raised to the system's maximum; if it is too low for the workers, PyTorch would
      hang.

    Raises:
        RuntimeError: If another process trains in the work dir, or the limit of open
            files is too low. The message names what to change.
    """

    priority = 'VERY_HIGH'

    def __init__(self) -> None:
        self._lock: FileLock | None = None

    def before_train(self, runner: Any) -> None:
        """Check the data loaders of a training run."""
        _allow_open_files(runner.train_dataloader, 'train_dataloader')
        if runner.val_loop is not None:
            _allow_open_files(runner.val_dataloader, 'val_dataloader')

    def before_run(self, runner: Any) -> None:
        """Lock the work dir of a training run."""
        training = isinstance(runner._train_loop, BaseLoop)
        if not training or not is_main_process():
            return
        lock = FileLock(Path(runner.work_dir) / '.train.lock')
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise RuntimeError(
                f"another process trains in '{runner.work_dir}'. Wait for it, stop it, "
                'or use another --work-dir'
            ) from None
        except (OSError, NotImplementedError) as error:
            runner.logger.warning(
                f"'{runner.work_dir}' cannot be locked ({error}): do not start another "
                'training in it.'
            )
            return
        self._lock = lock

    def after_run(self, runner: Any) -> None:
        """Unlock the work dir."""
        if self._lock is not None:
            self._lock.release()

    def before_test(self, runner: Any) -> None:
        """Check the data loader of a test."""
        _allow_open_files(runner.test_dataloader, 'test_dataloader')


def _allow_open_files(loader: Any, name: str) -> None:
    workers = getattr(loader, 'num_workers', 0)
    if resource is None or not workers:
        return
    batch = loader.batch_size or getattr(loader.batch_sampler, 'batch_size', None) or 1
    needed = _FILES + 8 * workers + _BATCHES * _TENSORS * batch
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return
    if hard == resource.RLIM_INFINITY or hard >= needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))
        return
    raise RuntimeError(
        f'{workers} workers and a batch of {batch} need about {needed} open files, and '
        f'the limit is {hard}. Raise it (`ulimit -n {needed}`), or load the data '
        f'without workers: --cfg-options {name}.num_workers=0 '
        f'{name}.persistent_workers=False'
    )
