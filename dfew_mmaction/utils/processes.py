"""Worker processes."""

import multiprocessing
import os
import signal
import threading
from multiprocessing.context import BaseContext

from .torch_available import is_torch_available


def worker_context() -> BaseContext:
    """How worker processes are started.

    A fork of this process could wait for ever for a thread that only this one has, and
    a fresh process takes seconds to import torch. A server that has imported
    everything, and runs nothing, is forked where the platform can; calls share it.

    Returns:
        BaseContext: For ``ProcessPoolExecutor`` and the like.
    """
    if 'forkserver' not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context('spawn')
    context = multiprocessing.get_context('forkserver')
    context.set_forkserver_preload(['dfew_mmaction'])
    if threading.current_thread() is threading.main_thread():
        from multiprocessing import forkserver

        # Ctrl-C is for the process that waits: the server would say where in its
        # imports it was.
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        forkserver.ensure_running()
        signal.signal(signal.SIGINT, before)
    return context


def start_worker() -> None:
    """What a worker process does first; an ``initializer`` of pools.

    It holds the libraries to one thread, since there is a process for each core,
    leaves Ctrl-C to the process that waits for it, and ends with that.
    """
    import cv2

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cv2.setNumThreads(1)
    if is_torch_available():
        import torch

        torch.set_num_threads(1)
    end_with_parent()


def end_with_parent() -> None:
    """End this process when the one that started it is gone, even if that was killed.

    A pool's worker would wait for its next task for ever.
    """

    def watch() -> None:
        multiprocessing.parent_process().join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
