"""Memory that is used again, step after step."""

import ctypes
import sys
from typing import Any

from mmaction.registry import HOOKS
from mmengine.hooks import Hook

# From malloc.h of the GNU C library.
M_TRIM_THRESHOLD, M_MMAP_MAX = -1, -4


@HOOKS.register_module()
class KeepMemoryHook(Hook):
    """Have the C library keep freed memory, for training on a CPU.

    It gives large blocks back to the system when they are freed, and the system hands
    out the next ones page by page, each cleared: a step of a video network, whose
    activations are large, spends a noticeable part of its time there. With this hook
    blocks stay in the process, which then keeps the memory of its largest step::

        default_hooks = dict(memory=dict(type='KeepMemoryHook'))

    Numbers do not change. It acts on the whole process, to its end. GPUs have an
    allocator of PyTorch's own that does this already; there, and where the C library
    is not GNU's, nothing is gained or lost.
    """

    priority = 'VERY_HIGH'

    def before_run(self, runner: Any) -> None:
        """Tell the C library."""
        library = None if sys.platform == 'win32' else ctypes.CDLL(None)
        mallopt = getattr(library, 'mallopt', None)
        # No block in a mapping of its own, and the end of the heap is not given back.
        if not (mallopt and mallopt(M_MMAP_MAX, 0) and mallopt(M_TRIM_THRESHOLD, -1)):
            runner.logger.warning(
                'KeepMemoryHook does nothing: this C library has no mallopt of GNU kind'
            )
