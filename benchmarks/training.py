"""One epoch of C3D and EC-STFL, against a plain training loop.

`configs/dfew/c3d_ecstfl.py` with MMEngine's runner and the switches that do not affect
accuracy, and a loop as in research repositories (`plain_loop.py`), train in turn the
same network on the same clips with the same optimizer, batch size, workers and threads.
Neither scores nor saves. An epoch is a few mini-batches, since each takes seconds on a
CPU.
"""

import argparse
import sys
from collections.abc import Iterator

import torch
from measure import Row, compare, main, threads
from mmaction.registry import MODELS
from mmengine.config import Config
from mmengine.registry import init_default_scope
from plain_loop import train_epoch
from spans import COMPUTING, CONFIG, Parts, apart, demo_config, run_config

LR = 1e-4
LOSS_WEIGHT = 10.0
FREE = {
    'default_hooks.channels_last.type': 'ChannelsLastHook',
    'default_hooks.memory.type': 'KeepMemoryHook',
    'optim_wrapper.optimizer.fused': True,
}


def ours(args: argparse.Namespace) -> Parts:
    """The committed config with the common settings and the switches."""
    cfg = demo_config(args.root, args.clips, args.batch, args.workers)
    cfg.optim_wrapper = dict(optimizer=dict(type='Adam', lr=LR))
    cfg.merge_from_dict(FREE)
    with threads(args.threads):
        return run_config(cfg)[-1]


def theirs(args: argparse.Namespace) -> Parts:
    """The plain loop on the same network."""
    init_default_scope('mmaction')
    torch.manual_seed(0)
    network = MODELS.build(Config.fromfile(CONFIG).model)
    network.init_weights()
    with threads(args.threads):
        return train_epoch(
            network, args.root, args.clips, args.batch, args.workers, LOSS_WEIGHT, LR
        )


def shares(parts: dict[str, float]) -> str:
    """Share of the time outside forward and backward, and its parts."""
    total = sum(parts.values())
    rest = {name: s / total for name, s in parts.items() if name not in COMPUTING}
    named = ', '.join(
        f'{name} {share:.1%}'
        for name, share in sorted(rest.items(), key=lambda item: -item[1])
    )
    return f'{sum(rest.values()):.1%} ({named})'


def rows(args: argparse.Namespace) -> Iterator[Row]:
    contenders = {'this project': ours, 'plain loop': theirs}
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    processor: dict[str, list[float]] = {name: [] for name in contenders}
    last: dict[str, str] = {}
    for run in range(args.runs):
        for name, function in contenders.items():
            parts = apart(function, args)
            seconds[name].append(sum(parts.values()))
            processor[name].append(parts.processor)
            last[name] = f'{name} {shares(parts)}'
            print(f'  {run + 1}: {name} {seconds[name][-1]:.1f} s', file=sys.stderr)
    what = (
        f'epoch of {args.clips} clips, batch {args.batch}, {args.threads} threads, '
        f'{args.workers} workers'
    )
    names = list(contenders)
    note = 'outside forward and backward: ' + '; '.join(last.values())
    yield compare(what, seconds, *names, args.clips, 'ms a clip', note)
    note = 'less moved by what else the machine does; without the workers'
    what += ', processor time of all cores'
    yield compare(what, processor, *names, args.clips, 'ms a clip', note)


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument('--clips', type=int, default=16)
    parser.add_argument('--batch', type=int, default=8)
    parser.add_argument('--workers', type=int, default=1)
    parser.add_argument('--threads', type=int, default=2)
    parser.add_argument('--root', default='data/benchmark', help='of the demo set')


if __name__ == '__main__':
    main(__doc__, rows, runs=3, options=options)
