"""Runs on this machine, several at a time."""

import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any

import torch

from ..utils import cpu_count
from .execute import RunError, RunStopped, execute_run
from .plan import Run
from .progress import Progress

#: Seconds between SIGTERM and SIGKILL of a process.
PATIENCE = 10.0


def visible_devices() -> list[str]:
    """Names of the available GPUs, as in CUDA_VISIBLE_DEVICES."""
    named = os.environ.get('CUDA_VISIBLE_DEVICES')
    if named is not None and torch.cuda.is_available():
        return [name.strip() for name in named.split(',') if name.strip()]
    return [str(index) for index in range(torch.cuda.device_count())]


def slots(jobs: int | None, gpus_per_run: int) -> list[dict[str, str]]:
    """Divide GPUs and CPU threads among concurrent runs.

    Args:
        jobs (int, optional): Runs at a time. Defaults to the number that the GPUs
            suffice for, or one without a GPU.
        gpus_per_run (int): GPUs of a run; ignored on a machine without GPUs.

    Returns:
        list[dict[str, str]]: Environment variables of each run. GPUs are shared if
        there are not enough of them, CPU threads always.

    Raises:
        ValueError: For fewer GPUs than one run needs.
    """
    devices = visible_devices()
    if devices and gpus_per_run > len(devices):
        raise ValueError(
            f'a run needs {gpus_per_run} GPUs, found {len(devices)}: '
            f'{", ".join(devices)}'
        )
    if jobs is None:
        jobs = len(devices) // gpus_per_run if devices and gpus_per_run else 1
    if jobs < 1:
        raise ValueError(f'jobs must be at least 1, got {jobs}')
    places = []
    for place in range(jobs):
        variables = {}
        if 'OMP_NUM_THREADS' not in os.environ:
            # Two trainings that use all cores are slower than one after the other.
            variables['OMP_NUM_THREADS'] = str(max(1, cpu_count() // jobs))
        if devices:
            first = place * gpus_per_run
            chosen = [devices[(first + i) % len(devices)] for i in range(gpus_per_run)]
            variables['CUDA_VISIBLE_DEVICES'] = ','.join(chosen)
        places.append(variables)
    return places


class _Caller:
    """Runs commands so that all of them can be stopped."""

    def __init__(self) -> None:
        self._running: dict[int, subprocess.Popen] = {}
        self._lock = threading.Lock()
        self._stopped = False

    def __call__(
        self,
        command: Sequence[str],
        log: Any,
        env: Mapping[str, str],
        locks: Sequence[int],
    ) -> int:
        with self._lock:
            if self._stopped:
                raise RunStopped
            # A separate group: only this process receives Ctrl-C and then stops the
            # commands with their children.
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=env,
                pass_fds=locks, start_new_session=True,
            )  # fmt: skip
            self._running[process.pid] = process
        status = process.wait()
        with self._lock:
            del self._running[process.pid]
            if self._stopped:
                raise RunStopped
        return status

    def stop(self) -> None:
        """Stop all commands, by SIGTERM, then SIGKILL."""
        with self._lock:
            self._stopped = True
            running = list(self._running.values())
        for how in (signal.SIGTERM, signal.SIGKILL):
            for process in running:
                try:
                    os.killpg(process.pid, how)
                except ProcessLookupError:
                    pass
            deadline = time.time() + PATIENCE
            while running and time.time() < deadline:
                running = [p for p in running if p.poll() is None]
                time.sleep(0.05)


def run_locally(
    runs: Sequence[Run],
    jobs: int | None = None,
    gpus_per_run: int = 1,
    *,
    launcher: str = 'none',
    embeddings: bool = False,
) -> dict[str, str]:
    """Execute runs, several at a time; a failed one does not stop the others.

    Args:
        runs (Sequence[Run]): Written runs (:meth:`Run.write`).
        jobs (int, optional): See :func:`slots`.
        gpus_per_run (int): See :func:`slots`. Defaults to 1.
        launcher (str): ``'none'``, or ``'pytorch'`` for one process per GPU of the run.
            Defaults to ``'none'``.
        embeddings (bool): Dump the embeddings of the test parts. Defaults to False.

    Returns:
        dict[str, str]: Messages of the failed runs by name.

    Raises:
        KeyboardInterrupt: On Ctrl-C, after all processes have ended.
    """
    free: queue.SimpleQueue = queue.SimpleQueue()
    places = slots(jobs, gpus_per_run)
    for place in places:
        free.put(place)
    caller, failed = _Caller(), {}

    def work(run: Run) -> None:
        place = free.get()
        try:
            progress.started(run)
            execute_run(
                run.folder,
                launcher,
                max(gpus_per_run, 1),
                environment=place,
                embeddings=embeddings,
                call=caller,
            )
        finally:
            free.put(place)

    with Progress(runs, len(places)) as progress:
        pool = ThreadPoolExecutor(len(places))
        pending: dict[Future, Run] = {pool.submit(work, run): run for run in runs}
        try:
            while pending:
                done, _ = wait(pending, timeout=1, return_when=FIRST_COMPLETED)
                for future in done:
                    run = pending.pop(future)
                    error = future.exception()
                    if isinstance(error, RunError):
                        failed[run.name] = str(error)
                    elif error is not None:
                        raise error
                    progress.ended(run, failed.get(run.name))
                progress.refresh()
        except BaseException:
            for future in pending:
                future.cancel()
            caller.stop()
            raise
        finally:
            pool.shutdown(cancel_futures=True)
    return failed
