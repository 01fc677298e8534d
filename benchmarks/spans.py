"""Wall time of the parts of a training epoch."""

import multiprocessing
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any

from mmengine.config import Config
from mmengine.hooks import Hook
from mmengine.runner import Runner

import dfew_mmaction  # noqa: F401
from dfew_mmaction.synthetic import make_demo

CONFIG = 'configs/dfew/c3d_ecstfl.py'
COMPUTING = ('forward', 'backward')


class Parts(dict[str, float]):
    """Seconds by name; ``processor`` contains processor times on all cores.

    Processor times depend less on other load.
    """

    processor = 0.0


class Spans:
    """Seconds by name without overlap: a span pauses the enclosing one."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._open = ['other']
        self._since, self._processor = time.perf_counter(), time.process_time()

    def _switch(self) -> None:
        now = time.perf_counter()
        self.seconds[self._open[-1]] += now - self._since
        self._since = now

    def restart(self) -> None:
        """Restart."""
        self.seconds.clear()
        self._since, self._processor = time.perf_counter(), time.process_time()

    def stop(self) -> Parts:
        """Seconds by name since the start."""
        self._switch()
        parts = Parts(self.seconds)
        parts.processor = time.process_time() - self._processor
        return parts

    @contextmanager
    def span(self, name: str) -> Iterator[None]:
        """Count the time of the block under ``name``."""
        self._switch()
        self._open.append(name)
        try:
            yield
        finally:
            self._switch()
            self._open.pop()

    def iterate(self, loader: Iterable, name: str) -> Iterator[Any]:
        """Iterate over a data loader and count the waiting under ``name``."""
        with self.span(name):
            batches = iter(loader)
        while True:
            with self.span(name):
                batch = next(batches, None)
            if batch is None:
                return
            yield batch

    def watch(self, owner: Any, method: str, name: str) -> None:
        """Count a method of an object under ``name``."""
        function = getattr(owner, method)

        def watched(*args: Any, **kwargs: Any) -> Any:
            with self.span(name):
                return function(*args, **kwargs)

        setattr(owner, method, watched)


class _Loader:
    """A data loader whose waiting is counted."""

    def __init__(self, loader: Any, spans: Spans) -> None:
        self._loader, self._spans = loader, spans

    def __iter__(self) -> Iterator[Any]:
        return self._spans.iterate(self._loader, 'waiting for data')

    def __len__(self) -> int:
        return len(self._loader)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)


class SpansHook(Hook):
    """Watch an MMEngine runner while it trains; ``epochs`` holds seconds by name.

    Only epochs are counted, neither construction nor validation.
    """

    priority = 'HIGHEST'

    def __init__(self) -> None:
        self.spans = Spans()
        self.epochs: list[Parts] = []

    def before_train(self, runner: Runner) -> None:
        spans, loop, wrapper = self.spans, runner.train_loop, runner.optim_wrapper
        loop.dataloader = _Loader(loop.dataloader, spans)
        spans.watch(runner.model, '_run_forward', 'forward')
        spans.watch(runner.model.data_preprocessor, 'forward', 'preprocessing')
        spans.watch(wrapper, 'backward', 'backward')
        spans.watch(wrapper, 'step', 'optimiser')
        spans.watch(wrapper, 'zero_grad', 'optimiser')
        spans.watch(runner, 'call_hook', 'hooks')
        epoch = loop.run_epoch

        def run_epoch() -> None:
            spans.restart()
            epoch()
            self.epochs.append(spans.stop())

        loop.run_epoch = run_epoch


def apart(function: Callable, *args: Any) -> Any:
    """Call a function in a separate process and return its result.

    Effects of one alternative on its process, such as its memory, do not reach the next
    one.
    """
    with ProcessPoolExecutor(1, multiprocessing.get_context('spawn')) as pool:
        return pool.submit(function, *args).result()


def demo_config(root: str, clips: int, batch_size: int, workers: int) -> Config:
    """C3D with EC-STFL as in configs/dfew, on the first clips of a demo set.

    Args:
        root (str): The demo set, which is made if missing.
        clips (int): Of fold 1's training part.
        batch_size (int): Clips a mini-batch.
        workers (int): Of the data loader.
    """
    make_demo(root, num_clips=70, num_identities=10, sources=('16f',))
    cfg = Config.fromfile(CONFIG)
    data = dict(data_root=root, fold=1, source='16f', indices=clips)
    cfg.train_dataloader.dataset.update(data)
    cfg.train_dataloader.update(
        batch_size=batch_size, num_workers=workers, persistent_workers=workers > 0
    )
    cfg.train_cfg = dict(by_epoch=True, max_epochs=1)
    return cfg


def run_config(cfg: Config) -> list[Parts]:
    """Train a config as MMEngine does, without validation and checkpoints.

    Args:
        cfg (Config): It is changed.

    Returns:
        list[Parts]: Seconds of each epoch by name.
    """
    for part in ('val', 'test'):
        for name in ('cfg', 'dataloader', 'evaluator'):
            cfg[f'{part}_{name}'] = None
    cfg.default_hooks.checkpoint = None
    cfg.param_scheduler = None
    cfg.log_level = 'ERROR'
    with tempfile.TemporaryDirectory() as cfg.work_dir:
        runner = Runner.from_cfg(cfg)
        hook = SpansHook()
        runner.register_hook(hook)
        runner.train()
    return hook.epochs
