"""Several processes on machines without a GPU."""

import atexit
import functools
from collections.abc import Callable
from typing import Any


def let_processes_do_without_gpus() -> bool:
    """Let ``--launcher`` start processes on CPUs, which then communicate by gloo.

    MMEngine's launchers choose a GPU and nccl, and its runner passes the GPU of the
    model to ``DistributedDataParallel``. With a GPU or another accelerator, nothing is
    changed.
    """
    from mmengine.dist import utils
    from mmengine.model import MMDistributedDataParallel

    for name in ('_init_dist_pytorch', '_init_dist_slurm', '_init_dist_mpi'):
        launch = getattr(utils, name, None)
        if launch is not None and not hasattr(launch, 'patched_by_dfew'):
            setattr(utils, name, _launch_without_gpus(launch))

    original = MMDistributedDataParallel.__init__
    if hasattr(original, 'patched_by_dfew'):
        return True

    @functools.wraps(original)
    def init(self: Any, module: Any, *args: Any, **kwargs: Any) -> None:
        if all(p.device.type == 'cpu' for p in module.parameters()):
            kwargs['device_ids'] = None
        original(self, module, *args, **kwargs)

    setattr(init, 'patched_by_dfew', True)  # noqa: B010
    MMDistributedDataParallel.__init__ = init
    return True


def _launch_without_gpus(launch: Callable) -> Callable:
    import torch
    from mmengine import device

    @functools.wraps(launch)
    def patched(backend: str, **kwargs: Any) -> None:
        if device.get_device() != 'cpu':
            return launch(backend, **kwargs)
        set_device = torch.cuda.set_device
        torch.cuda.set_device = lambda device: None
        # Threads of gloo that outlive the process group sometimes abort the process.
        atexit.register(_leave_processes)
        try:
            return launch('gloo' if backend == 'nccl' else backend, **kwargs)
        finally:
            torch.cuda.set_device = set_device

    setattr(patched, 'patched_by_dfew', True)  # noqa: B010
    return patched


def _leave_processes() -> None:
    from torch import distributed

    if distributed.is_initialized():
        distributed.destroy_process_group()
