"""Switches of a training step.

Each switch is a set of `--cfg-options`; C3D with EC-STFL is trained with and without it
in turn in one run. Waiting for data is not counted. Ratios above 1 are in favour of the
switch. docs/training_speed.md describes them.
"""

import argparse
import statistics
from collections.abc import Iterator
from typing import Any

from measure import Row, compare, main, number, threads
from spans import Parts, apart, demo_config, run_config

# Options of each switch by name.
SWITCHES: dict[str, dict[str, Any]] = {
    'channels last': {'default_hooks.channels_last.type': 'ChannelsLastHook'},
    'memory kept': {'default_hooks.memory.type': 'KeepMemoryHook'},
    'fused optimiser': {'optim_wrapper.optimizer.fused': True},
    'bfloat16': {'optim_wrapper.type': 'BFloat16OptimWrapper'},
    'accumulation': {'optim_wrapper.accumulative_counts': 2},
    'compile': {'compile': True},
    'cudnn_benchmark': {'env_cfg.cudnn_benchmark': True},
    'copies not awaited': {
        'model.data_preprocessor.type': 'NonBlockingDataPreprocessor',
        'train_dataloader.pin_memory': True,
    },
}
FREE = 'channels last + memory kept + fused optimiser'
WITHOUT_GPU = ('cudnn_benchmark', 'copies not awaited')


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


def train(options: dict[str, Any], args: argparse.Namespace) -> list[Parts]:
    """Seconds by name of each epoch."""
    cfg = demo_config(args.root, 2 * args.batch, args.batch, 0)
    # Compilation happens in the first epoch.
    cfg.train_cfg.max_epochs = 2 if 'compile' in options else 1
    cfg.merge_from_dict({'env_cfg.cudnn_benchmark': False, **options})
    with threads(args.threads):
        epochs = run_config(cfg)
    for seconds in epochs:
        del seconds['waiting for data']
    return epochs


def rows(args: argparse.Namespace) -> Iterator[Row]:
    contenders = {'default': {}, **chosen(args.switches)}
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    processor: dict[str, list[float]] = {name: [] for name in contenders}
    compiling = []
    for _ in range(args.runs):
        for name, options in contenders.items():
            parts = apart(train, options, args)
            compiling += [sum(part.values()) for part in parts[:-1]]
            seconds[name].append(sum(parts[-1].values()))
            processor[name].append(parts[-1].processor)
    for name, options in list(contenders.items())[1:]:
        note = ', '.join(f'`{key}={value}`' for key, value in options.items())
        if 'compile' in options:
            note += f'; first epoch {statistics.median(compiling):.0f} s'
        busy = compare('', processor, name, 'default')
        note += f'; by processor time {number(busy.ratio)} '
        note += f'({number(busy.low)} to {number(busy.high)})'
        yield compare(
            f'two steps of {args.batch} clips, {args.threads} threads',
            seconds, name, 'default', 2, 'ms a step', note,
        )  # fmt: skip


def options(parser: argparse.ArgumentParser) -> None:
    names = [name for name in SWITCHES if name not in WITHOUT_GPU]
    parser.add_argument(
        '--switches', nargs='+', default=[*names, FREE, f'{FREE} + bfloat16']
    )
    parser.add_argument('--batch', type=int, default=2)
    parser.add_argument('--threads', type=int, default=2)
    parser.add_argument('--root', default='data/benchmark', help='of the demo set')


if __name__ == '__main__':
    main(__doc__, rows, runs=3, options=options)
