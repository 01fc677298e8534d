"""Who calls a function on many tasks: processes of this machine, or Ray."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, TimeoutError, wait
from typing import Any

from ..utils import check_installed, cpu_count, start_worker, worker_context

#: Tasks that are handed out at a time, for each worker.
AHEAD = 2


def run_local(
    function: Callable[..., dict],
    tasks: Sequence[tuple],
    workers: int | None = None,
    timeout: float = 3600,
) -> Iterator[dict]:
    """Call a function on tasks in processes of this machine.

    A task that ends its process, or takes too long, gives a row with ``error``; a new
    process takes over.

    Args:
        function (Callable): Called as ``function(video, clip, out, settings)``.
        tasks (Sequence[tuple]): Its arguments.
        workers (int, optional): Processes. Defaults to one a core.
        timeout (float): Seconds that a task may take. Defaults to an hour.

    Yields:
        dict: Rows, in the order in which they finish.
    """
    check_installed('pebble', 'extraction', "engine='local'")
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
                    yield failed(task, f'took longer than {timeout:g} s')
                except ProcessExpired as error:
                    yield failed(task, f'ended its process (status {error.exitcode})')
        pool.close()
    except BaseException:
        pool.stop()
        raise
    finally:
        pool.join()


def run_ray(
    function: Callable[..., dict],
    tasks: Sequence[tuple],
    workers: int | None = None,
    address: str | None = None,
) -> Iterator[dict]:
    """Call a function on tasks on a Ray cluster, whose nodes share the file system.

    What a lost node was doing is done again elsewhere; a task that ends its process
    three times gives a row with ``error``.

    Args:
        function (Callable): Called as ``function(video, clip, out, settings)``.
        tasks (Sequence[tuple]): Its arguments.
        workers (int, optional): Tasks at a time. Defaults to the cores of the cluster.
        address (str, optional): Of the cluster, such as ``'10.0.0.1:6379'`` or
            ``'auto'``. Defaults to a cluster of this machine, made for the call.

    Yields:
        dict: Rows, in the order in which they finish.

    Raises:
        ImportError: If Ray is not installed.
    """
    try:
        import ray
    except ImportError as error:
        raise ImportError(
            'Ray is not installed: `pip install ray`, or take the local engine'
        ) from error
    ray.init(address=address, log_to_driver=False, configure_logging=False)
    try:
        remote = ray.remote(num_cpus=1, max_retries=2)(function)
        waiting = deque(tasks)
        going: dict[Any, tuple] = {}
        while waiting or going:
            # Nodes come and go.
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
                    yield failed(task, 'ended its process three times')
    finally:
        ray.shutdown()


def failed(task: tuple, what: str) -> dict:
    """Row of a task that gave none."""
    video, clip = task[:2]
    return dict(
        clip=clip, video=video, frames=0, useful=0, faces=0, fps=0.0, kept=False,
        reason='', error=f"'{video}' {what}", seconds={},
    )  # fmt: skip


ENGINES: dict[str, Callable[..., Iterator[dict]]] = {
    'local': run_local,
    'ray': run_ray,
}
