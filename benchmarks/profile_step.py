"""Where the time of a training epoch goes.

C3D with EC-STFL as in configs/dfew, with MMEngine's runner: wall time of the parts of
the loop, and PyTorch's profile of the operators in forward and backward.
"""

import argparse
from collections.abc import Iterator

from measure import Row, main, threads
from mmengine.config import Config
from spans import demo_config, run_config
from torch.profiler import ProfilerActivity, profile

# Operators of the profiler by kind.
KINDS = {
    'convolution': ('conv',),
    'linear layers': ('addmm', '::mm', 'linear'),
    'batch normalisation': ('batch_norm',),
    'ReLU': ('threshold_backward', 'clamp_min', 'relu'),
    'pooling': ('max_pool',),
    'optimiser, clipping': ('_fused', '_foreach', 'norm', 'addcmul', 'addcdiv', 'lerp'),
    'distances of EC-STFL': ('cdist', 'pdist'),
    'copies, layout': ('copy_', 'contiguous', 'clone'),
}


def config(args: argparse.Namespace) -> Config:
    cfg = demo_config(args.root, args.clips, args.batch, args.workers)
    if args.cfg_options:
        cfg.merge_from_dict(args.cfg_options)
    return cfg


def kind(operator: str) -> str:
    """Kind of an operator, see :data:`KINDS`."""
    for name, parts in KINDS.items():
        if any(part in operator for part in parts):
            return name
    return 'other operators'


def rows(args: argparse.Namespace) -> Iterator[Row]:
    with threads(args.threads):
        parts = run_config(config(args))[-1]
        yield from table('clock', parts, args)
        with profile(activities=[ProfilerActivity.CPU]) as profiler:
            run_config(config(args))
    operators: dict[str, float] = {}
    for event in profiler.key_averages():
        if event.key.startswith('aten::') and event.device_type.name == 'CPU':
            name = kind(event.key)
            operators[name] = operators.get(name, 0) + event.self_cpu_time_total / 1e6
    yield from table('profiler', operators, args)


def table(how: str, parts: dict[str, float], args: argparse.Namespace) -> Iterator[Row]:
    """Rows of parts, the largest first."""
    total, steps = sum(parts.values()), args.clips // args.batch
    for name, seconds in sorted(parts.items(), key=lambda item: -item[1]):
        yield Row(
            f'step of {args.batch} clips, by the {how}', name,
            ours_value=1000 * seconds / steps, unit='ms a step',
            runs=steps, note=f'{seconds / total:.2%}',
        )  # fmt: skip


def options(parser: argparse.ArgumentParser) -> None:
    from dfew_mmaction.utils.config_file import ConfigOptions

    parser.add_argument('--clips', type=int, default=8)
    parser.add_argument('--batch', type=int, default=4)
    parser.add_argument('--workers', type=int, default=1)
    parser.add_argument('--threads', type=int, default=2)
    parser.add_argument('--root', default='data/benchmark', help='of the demo set')
    parser.add_argument('--cfg-options', nargs='+', action=ConfigOptions)


if __name__ == '__main__':
    main(__doc__, rows, runs=1, options=options)
