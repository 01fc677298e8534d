"""Reuses memory from step to step."""

import ctypes
import sys
from typing import Any

from mmaction.registry import HOOKS
from mmengine.hooks import Hook

# From malloc.h of the GNU C library.
M_TRIM_THRESHOLD, M_MMAP_MAX = -1, -4


@HOOKS.register_module()
class KeepMemoryHook(Hook):
    """Keep freed memory in the process, for training on a CPU.

    The C library returns large blocks to the system when they are freed, and the system
    clears each page before it is used again. The activations of a video network
    are large: with this hook a training step of C3D on two cores is 1.25 times as fast
    (1.20 to 1.30, ``benchmarks/switches.py``, docs/training_speed.md). The process then
    keeps the memory of its largest step::

        default_hooks = dict(memory=dict(type='KeepMemoryHook'))

    The results do not change. The setting applies to the process until it ends. It has
    no effect on GPUs, where PyTorch's allocator reuses memory already, and without the
    GNU C library.
    """

    priority = 'VERY_HIGH'

    def before_run(self, runner: Any) -> None:
        """Set the options of the C library."""
        library = None if sys.platform == 'win32' else ctypes.CDLL(None)
        mallopt = getattr(library, 'mallopt', None)
        # No separate mappings for large blocks, and no trimming of the heap.
        if not (mallopt and mallopt(M_MMAP_MAX, 0) and mallopt(M_TRIM_THRESHOLD, -1)):
            runner.logger.warning(
                'KeepMemoryHook has no effect: this C library has no GNU mallopt'
            )
