"""Worker processes."""

import multiprocessing
from multiprocessing.context import BaseContext


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
    return context
