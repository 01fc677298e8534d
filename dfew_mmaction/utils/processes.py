"""Worker processes."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing.context import BaseContext
from typing import Any

from .torch_available import is_torch_available


def cpu_count() -> int:
    """Number of cores that this process may use."""
    if hasattr(os, 'sched_getaffinity'):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def worker_context() -> BaseContext:
    """Context for the start of worker processes, as in ``ProcessPoolExecutor``.

    A fork of this process could deadlock at a lock of one of its threads, and a new
    process takes seconds to import torch. If the platform supports it, workers are
    therefore forked from a server process without threads that has imported the
    package; all pools share that server.
    """
    if 'forkserver' not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context('spawn')
    context = multiprocessing.get_context('forkserver')
    context.set_forkserver_preload(['dfew_mmaction'])
    if threading.current_thread() is threading.main_thread():
        from multiprocessing import forkserver

        # Ctrl-C is handled by the parent process; the server would print a traceback of
        # its imports.
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        forkserver.ensure_running()
        signal.signal(signal.SIGINT, before)
    return context


def start_worker() -> None:
    """Prepare a worker process; an ``initializer`` of pools.

    Libraries use one thread, since there is one process per core. The parent process
    handles Ctrl-C, and the worker ends with it.
    """
    import cv2

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cv2.setNumThreads(1)
    if is_torch_available():
        import torch

        torch.set_num_threads(1)
    end_with_parent()


def end_with_parent() -> None:
    """End this process when its parent process ends, even if the parent was killed.

    A pool's worker would otherwise wait for its next task forever.
    """

    def watch() -> None:
        if parent := multiprocessing.parent_process():
            parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def run_parallel(
    function: Callable[..., Any], tasks: Sequence[tuple], workers: int | None = None
) -> Iterator[tuple[tuple, Any]]:
    """Call a function for each task in worker processes.

    On an error or an interrupt, running tasks end and no other is started.

    Args:
        function (Callable): Importable by name, called as ``function(*task)``.
        tasks (Sequence[tuple]): Arguments of each call.
        workers (int, optional): Number of processes; 1 runs everything in this process.
            Defaults to one for each core.

    Yields:
        tuple[tuple, Any]: The task and its result, in the order of completion.
    """
    workers = min(workers or cpu_count(), max(len(tasks), 1))
    if workers == 1:
        for task in tasks:
            yield task, function(*task)
        return
    pool = ProcessPoolExecutor(workers, worker_context(), start_worker)
    try:
        jobs = {pool.submit(function, *task): task for task in tasks}
        for job in as_completed(jobs):
            yield jobs[job], job.result()
    finally:
        pool.shutdown(cancel_futures=True)
