"""Switches of a training step.

Each switch is a set of `--cfg-options`; a network with EC-STFL is trained with and
without it in turn in one run, on one mini-batch in memory. Ratios above 1 are in favour
of the switch. docs/training_speed.md describes them. With a GPU, see `--networks` and
`--batch`.
"""

import argparse
import gc
import itertools
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from measure import Row, compare, main, number, threads
from mmaction.registry import DATASETS
from mmaction.structures import ActionDataSample
from mmengine.config import Config
from mmengine.hooks import Hook
from mmengine.runner import Runner
from spans import apart
from torch.utils.data import Dataset

import dfew_mmaction  # noqa: F401

# Options of each switch by name.
SWITCHES: dict[str, dict[str, Any]] = {
    'channels last': {'default_hooks.channels_last.type': 'ChannelsLastHook'},
    'memory kept': {'default_hooks.memory.type': 'KeepMemoryHook'},
    'fused optimiser': {'optim_wrapper.optimizer.fused': True},
    'bfloat16': {'optim_wrapper.type': 'BFloat16OptimWrapper'},
    'float16': {
        'optim_wrapper.type': 'AmpOptimWrapper',
        'optim_wrapper.dtype': 'float16',
    },
    'accumulation': {'optim_wrapper.accumulative_counts': 2},
    'compile': {'compile': True},
    'no cudnn_benchmark': {'env_cfg.cudnn_benchmark': False},
    'copies not awaited': {
        'model.data_preprocessor.type': 'NonBlockingDataPreprocessor',
        'train_dataloader.pin_memory': True,
    },
}
GPU = torch.cuda.is_available()
BOTH = ('channels last', 'fused optimiser', 'bfloat16', 'accumulation')
CPU_ONLY = ('memory kept',)
GPU_ONLY = ('float16', 'no cudnn_benchmark')
FREE = 'channels last + memory kept + fused optimiser'
MIXED = 'channels last + fused optimiser + bfloat16'
DEFAULT = (
    [*BOTH, *GPU_ONLY, MIXED] if GPU else [*BOTH, *CPU_ONLY, FREE, f'{FREE} + bfloat16']
)


@DATASETS.register_module(force=True)
class RandomClips(Dataset):
    """Clips of random pixels.

    Args:
        clips (int): How many.
        shape (tuple[int, ...]): Shape of each, without that of the mini-batch.
    """

    metainfo: dict[str, Any] = {}

    def __init__(self, clips: int, shape: tuple[int, ...]) -> None:
        generator = torch.Generator().manual_seed(0)
        self.inputs = torch.randint(
            256, (clips, *shape), dtype=torch.uint8, generator=generator
        )

    def __len__(self) -> int:
        return len(self.inputs)

    def __getitem__(self, index: int) -> dict[str, Any]:
        sample = ActionDataSample().set_gt_label(index % 7)
        return dict(inputs=self.inputs[index], data_samples=sample)


class _Repeated:
    """A data loader that gives its first mini-batch again and again."""

    def __init__(self, loader: Any, steps: int) -> None:
        self._loader, self._steps = loader, steps
        self._batch = next(iter(loader))
        if GPU:
            # As with workers that load ahead into pinned memory.
            self._batch['inputs'] = [clip.cuda() for clip in self._batch['inputs']]

    def __iter__(self) -> Iterator[Any]:
        return itertools.repeat(self._batch, self._steps)

    def __len__(self) -> int:
        return self._steps

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)


@dataclass
class Steps:
    """What some training steps took: seconds, processor seconds, MiB of GPU memory."""

    seconds: float
    processor: float
    memory: float


class StepsHook(Hook):
    """Repeat one mini-batch, and measure the steps after some to warm up."""

    priority = 'HIGHEST'

    def __init__(self, warm_up: int, steps: int) -> None:
        self.warm_up, self.steps = warm_up, steps
        self.memory = 0.0
        self.done: Steps | None = None

    def before_train(self, runner: Runner) -> None:
        loop = runner.train_loop
        loop.dataloader = _Repeated(loop.dataloader, self.warm_up + self.steps)

    def before_train_iter(self, runner: Runner, batch_idx: int, **kwargs: Any) -> None:
        if batch_idx == self.warm_up:
            if GPU:
                torch.cuda.synchronize()
            self._began = time.perf_counter(), time.process_time()

    def after_train_iter(self, runner: Runner, batch_idx: int, **kwargs: Any) -> None:
        if GPU:
            # MMEngine's log resets it later in the step.
            peak = torch.cuda.max_memory_allocated() / 2**20
            self.memory = max(self.memory, peak)

    def after_train_epoch(self, runner: Runner) -> None:
        if GPU:
            torch.cuda.synchronize()
        wall, processor = self._began
        self.done = Steps(
            time.perf_counter() - wall,
            time.process_time() - processor,
            self.memory,
        )


def clip_shape(cfg: Config) -> tuple[int, ...]:
    """Shape of a clip in the format that a network's pipeline gives it."""
    steps = {step.type: step for step in cfg.train_pipeline}
    width, height = steps['DecodeFaceFrames'].scale
    frames = steps['SampleFaceFrames'].clip_len
    if steps['FormatShape'].input_format == 'NCTHW':
        return 1, 3, frames, height, width
    return frames, 3, height, width


def chosen(names: list[str]) -> dict[str, dict[str, Any]]:
    """Options of an alternative; a name may combine several switches by ``+``."""
    return {
        name: {
            key: value
            for one in name.split(' + ')
            for key, value in SWITCHES[one].items()
        }
        for name in names
    }


def train(network: str, options: dict[str, Any], args: argparse.Namespace) -> Steps:
    """Train some steps as MMEngine does, without validation and checkpoints."""
    cfg = Config.fromfile(f'configs/dfew/{network}_ecstfl.py')
    cfg.train_dataloader.update(
        batch_size=args.batch, num_workers=0, persistent_workers=False
    )
    cfg.train_dataloader.dataset = dict(
        type='RandomClips', clips=args.batch, shape=clip_shape(cfg)
    )
    cfg.train_cfg = dict(by_epoch=True, max_epochs=1)
    cfg.merge_from_dict(options)
    # MMEngine only ever sets it.
    torch.backends.cudnn.benchmark = cfg.env_cfg.cudnn_benchmark
    for part in ('val', 'test'):
        for name in ('cfg', 'dataloader', 'evaluator'):
            cfg[f'{part}_{name}'] = None
    cfg.default_hooks.checkpoint = None
    for name in ('data_consistency', 'class_names'):
        del cfg.default_hooks[name]
    cfg.param_scheduler = None
    cfg.log_level = 'ERROR'
    cfg.experiment_name = f'switches_{time.time_ns()}'
    # Compilation happens in the first steps.
    warm_up = args.warm_up or (1 if 'compile' in options else 0)
    if GPU:
        gc.collect()
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()
        torch.compiler.reset()
    with tempfile.TemporaryDirectory() as cfg.work_dir, threads(args.threads):
        runner = Runner.from_cfg(cfg)
        hook = StepsHook(warm_up, args.steps)
        runner.register_hook(hook)
        runner.train()
    assert hook.done is not None
    return hook.done


def measured(
    network: str, contenders: dict[str, dict[str, Any]], args: argparse.Namespace
) -> dict[str, list[Steps]]:
    """Steps of each alternative in each turn."""
    # On a CPU, memory that an alternative keeps would help the next one.
    call: Callable = partial(apart, train) if not GPU else train
    done: dict[str, list[Steps]] = {name: [] for name in contenders}
    for _ in range(args.runs):
        for name, options in contenders.items():
            done[name].append(call(network, options, args))
    return done


def rows(args: argparse.Namespace) -> Iterator[Row]:
    contenders = {'default': {}, **chosen(args.switches)}
    work = f'{args.steps} steps of {args.batch} clips'
    if not GPU:
        work += f', {args.threads} threads'
    for network in args.networks:
        done = measured(network, contenders, args)
        seconds = {name: [s.seconds for s in all_] for name, all_ in done.items()}
        processor = {name: [s.processor for s in all_] for name, all_ in done.items()}
        for name in list(contenders)[1:]:
            given = contenders[name].items()
            note = ', '.join(f'`{key}={value}`' for key, value in given)
            if GPU:
                fast, slow = (speed(done[key], args) for key in (name, 'default'))
                note += f'; {fast}, default {slow}'
            else:
                busy = compare('', processor, name, 'default')
                note += f'; by processor time {number(busy.ratio)} '
                note += f'({number(busy.low)} to {number(busy.high)})'
            yield compare(
                f'{network}, {work}', seconds, name, 'default', args.steps,
                'ms a step', note,
            )  # fmt: skip


def speed(runs: list[Steps], args: argparse.Namespace) -> str:
    """Clips per second and memory of an alternative."""
    seconds = statistics.median(run.seconds for run in runs)
    memory = max(run.memory for run in runs)
    return f'{args.steps * args.batch / seconds:.0f} clips/s with {memory:.0f} MiB'


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument('--networks', nargs='+', default=['c3d'])
    parser.add_argument('--switches', nargs='+', default=DEFAULT)
    parser.add_argument('--batch', type=int, default=24 if GPU else 2)
    parser.add_argument('--steps', type=int, default=20 if GPU else 2)
    parser.add_argument('--warm-up', type=int, default=5 if GPU else 0)
    parser.add_argument('--threads', type=int, default=2)


if __name__ == '__main__':
    main(__doc__, rows, runs=3, options=options)
