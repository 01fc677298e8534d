"""Train the seven networks of the paper with cross-entropy and with EC-STFL.

Makes a synthetic set of DFEW's size (11,697 clips in the class shares and folds of the
release), trains each config of configs/dfew at full size, and writes a report with the
scores and one with losses, time and memory of each run. Needs a GPU: a run takes hours.
The same command continues after an interruption.

`--smoke` checks the command on a CPU: one epoch of ten clips. `--clips` makes a smaller
set.
"""

import argparse
import os
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import torch
from mmengine.config import Config
from tabulate import tabulate

from dfew_mmaction.evaluation.training_log import read_training_log
from dfew_mmaction.synthetic import make_demo
from dfew_mmaction.utils import exit_status, write_text

REPO = Path(__file__).resolve().parents[2]
NETWORKS = (
    'c3d', 'p3d', 'i3d', 'r3d18', 'resnet3d18', 'vgg11_lstm', 'resnet18_lstm',
)  # fmt: skip
LOSSES = {'ce': '', 'ecstfl': '_ecstfl'}
CLIPS = 11_697
SMOKE = {
    'train_cfg.max_epochs': 1,
    'train_dataloader.batch_size': 4,
    'train_dataloader.num_workers': 0,
    'train_dataloader.persistent_workers': False,
    'val_dataloader.num_workers': 0,
    'val_dataloader.persistent_workers': False,
    'test_dataloader.num_workers': 0,
    'test_dataloader.persistent_workers': False,
}


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('--networks', nargs='+', choices=NETWORKS, default=NETWORKS)
    parser.add_argument('--losses', nargs='+', choices=list(LOSSES), default=[*LOSSES])
    parser.add_argument('--folds', nargs='+', default=['1', '2', '3', '4', '5'])
    parser.add_argument('--seeds', nargs='+', default=['0'])
    parser.add_argument('--clips', type=int, default=CLIPS, help='size of the set')
    parser.add_argument('--data-root', default='data/flagship')
    parser.add_argument('--work-dir', default='work_dirs/flagship')
    parser.add_argument(
        '--cfg-options', nargs='+', default=[], metavar='KEY=VALUE',
        help='for all runs, such as optim_wrapper.type=AmpOptimWrapper compile=True',
    )  # fmt: skip
    parser.add_argument(
        '--smoke', action='store_true', help='one epoch of ten clips, fold 1'
    )
    return parser.parse_args()


def cross_validate(args: argparse.Namespace) -> int:
    """Train, test and report; exit status of ``tools/cross_validate.py``."""
    configs = [
        str(REPO / 'configs' / 'dfew' / f'{network}{LOSSES[loss]}.py')
        for network in args.networks
        for loss in args.losses
    ]
    options = [*args.cfg_options]
    if args.smoke:
        options += [f'{key}={value}' for key, value in SMOKE.items()]
    command = [
        sys.executable, str(REPO / 'tools' / 'cross_validate.py'), *configs,
        '--work-dir', args.work_dir, '--seeds', *args.seeds,
        '--folds', *(['1'] if args.smoke else args.folds),
        '--title', f'The networks of the paper on {args.clips:,} synthetic clips',
        '--note', 'Synthetic faces: no score here is one of DFEW.',
    ]  # fmt: skip
    if options:
        command += ['--cfg-options', *options]
    env = dict(os.environ, DFEW_ROOT=args.data_root)
    return subprocess.run(command, env=env, check=False).returncode


def training_table(folders: Sequence[Path]) -> str:
    """Losses, speed and memory of runs, as a Markdown table; speed is of training."""
    rows = []
    for folder in dict.fromkeys(folders):
        log = read_training_log(folder / 'train')
        first, last = log[min(log)], log[max(log)]
        batch = Config.fromfile(folder / 'config.py').train_dataloader.batch_size
        seconds = statistics.mean(entry['time'] for entry in log.values())
        rows.append(
            {
                'run': f'{folder.parent.name}, {folder.name}',
                'epochs': len(log),
                'loss_cls, first': first['loss_cls'],
                'last': last['loss_cls'],
                'loss_ecstfl, first': first.get('loss_ecstfl'),
                'last ': last.get('loss_ecstfl'),
                'clips/s': batch / seconds,
                'memory, MB': last.get('memory'),
            }
        )
    device = torch.cuda.get_device_name() if torch.cuda.is_available() else 'CPU'
    table = tabulate(rows, headers='keys', tablefmt='github', floatfmt='.4g')
    return f'# Training runs\n\nDevice: {device}.\n\n{table}\n'


def main() -> int:
    args = parse_args()
    if args.smoke:
        args.clips = 10
    make_demo(
        args.data_root,
        num_clips=args.clips,
        # 1,500 at full size.
        num_identities=max(5, round(args.clips * 1500 / CLIPS)),
        imbalance='dfew',
        max_frames=16 if args.smoke else 40,
        sources=['16f'],
        unlabelled=0.0,
    )
    status = cross_validate(args)
    folders = sorted(
        path.parents[2] for path in Path(args.work_dir).glob('*/*/train/*/vis_data')
    )
    write_text(Path(args.work_dir) / 'report' / 'training.md', training_table(folders))
    return status


if __name__ == '__main__':
    sys.exit(exit_status(main, 'Stopped; the same command continues.'))
