"""Engines that call a function for many tasks: processes of this machine, or Ray."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, TimeoutError, wait
from typing import Any

from ..utils import check_installed, cpu_count, start_worker, worker_context
from .manifest import empty_row

#: Scheduled tasks per worker.
AHEAD = 2


def run_local(
    function: Callable[..., list[dict]],
    tasks: Sequence[tuple],
    workers: int | None = None,
    timeout: float = 3600,
) -> Iterator[list[dict]]:
    """Call a function for each task in processes of this machine.

    A task that crashes its process or takes too long gives a row with ``error``; a new
    process replaces the crashed one. ``ProcessPoolExecutor`` and
    :func:`dfew_mmaction.utils.run_parallel` stop at such a task.

    Args:
        function (Callable): Called as ``function(video, number, out, settings)``,
            returns rows of the manifest.
        tasks (Sequence[tuple]): The arguments of each call.
        workers (int, optional): Number of processes. Defaults to the number of cores.
        timeout (float): Greatest duration of a task in seconds. Defaults to one hour.

    Yields:
        list[dict]: The rows of each task, in the order of completion.

    Raises:
        ImportError: If pebble is not installed.
        ValueError: If an option is out of its range.
    """
    check_installed("engine='local'", 'extraction', 'pebble')
    from pebble import ProcessExpired, ProcessPool

    workers = workers or cpu_count()
    if workers < 1 or timeout <= 0:
        raise ValueError(f'workers and timeout must be above 0: {workers}, {timeout}')
    waiting = deque(tasks)
    going: dict[Any, tuple] = {}
    pool = ProcessPool(workers, initializer=start_worker, context=worker_context())
    try:
        while waiting or going:
            while waiting and len(going) < AHEAD * workers:
                task = waiting.popleft()
                future = pool.schedule(function, args=list(task), timeout=timeout)
                going[future] = task
            done, _ = wait(going, return_when=FIRST_COMPLETED)
            for ended in done:
                task = going.pop(ended)
                try:
                    yield ended.result()
                except TimeoutError:
                    yield [failed(task, f'took longer than {timeout:g} s')]
                except ProcessExpired as error:
                    status = f'ended its process (status {error.exitcode})'
                    yield [failed(task, status)]
        pool.close()
    except BaseException:
        pool.stop()
        raise
    finally:
        pool.join()


def run_ray(
    function: Callable[..., list[dict]],
    tasks: Sequence[tuple],
    workers: int | None = None,
    address: str | None = None,
) -> Iterator[list[dict]]:
    """Call a function for each task on a Ray cluster whose nodes share a file system.

    The tasks of a lost node run again on another one; a task that crashes its process
    three times gives a row with ``error``.

    Args:
        function (Callable): Called as ``function(video, number, out, settings)``,
            returns rows of the manifest.
        tasks (Sequence[tuple]): The arguments of each call.
        workers (int, optional): Number of concurrent tasks. Defaults to the number of
            cores of the cluster.
        address (str, optional): Address of the cluster, such as ``'10.0.0.1:6379'`` or
            ``'auto'``. Defaults to a cluster of this machine, started for the call.

    Yields:
        list[dict]: The rows of each task, in the order of completion.

    Raises:
        ImportError: If Ray is not installed.
    """
    check_installed("engine='ray'", 'ray', 'ray')
    import ray

    ray.init(address=address, log_to_driver=False, configure_logging=False)
    try:
        remote = ray.remote(num_cpus=1, max_retries=2)(function)
        waiting = deque(tasks)
        going: dict[Any, tuple] = {}
        while waiting or going:
            # The number of nodes may change.
            cores = workers or int(ray.cluster_resources().get('CPU', 1))
            while waiting and len(going) < AHEAD * max(cores, 1):
                task = waiting.popleft()
                going[remote.remote(*task)] = task
            done, _ = ray.wait(list(going), timeout=5)
            for reference in done:
                task = going.pop(reference)
                try:
                    yield ray.get(reference)
                except (
                    ray.exceptions.WorkerCrashedError,
                    ray.exceptions.NodeDiedError,
                ):
                    yield [failed(task, 'ended its process three times')]
    finally:
        ray.shutdown()


def failed(task: tuple, what: str) -> dict:
    """Row of a task that did not return."""
    video, clip = task[:2]
    return empty_row(video, clip) | dict(error=f"'{video}' {what}")


ENGINES: dict[str, Callable[..., Iterator[list[dict]]]] = {
    'local': run_local,
    'ray': run_ray,
}
