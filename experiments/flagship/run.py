"""Train the seven networks of the paper with cross-entropy and with EC-STFL.

Draws a synthetic set of DFEW's size (11,697 clips in the class shares and folds of the
release), trains each config of configs/dfew at full size, and writes a report with the
scores and one with losses, time and memory of each run. Needs a GPU: a run takes hours.
Stopped, the same command continues.

`--smoke` checks the command on a CPU: one epoch of ten clips.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from dfew_mmaction.evaluation.training_log import training_report
from dfew_mmaction.synthetic import make_demo
from dfew_mmaction.utils import atomic_write

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
        '--title', 'The networks of the paper on a synthetic set of DFEW\'s size',
        '--note', 'Synthetic faces: no score here is one of DFEW.',
    ]  # fmt: skip
    if options:
        command += ['--cfg-options', *options]
    env = dict(os.environ, DFEW_ROOT=args.data_root)
    return subprocess.run(command, env=env, check=False).returncode


def main() -> int:
    args = parse_args()
    make_demo(
        args.data_root,
        num_clips=10 if args.smoke else CLIPS,
        num_identities=5 if args.smoke else 1500,
        imbalance='dfew',
        max_frames=16 if args.smoke else 40,
        sources=['16f'],
        unlabeled=0.0,
    )
    status = cross_validate(args)
    logs = sorted(Path(args.work_dir).glob('*/fold*_seed*/train'))
    if logs:
        with atomic_write(Path(args.work_dir) / 'report' / 'training.md') as partial:
            partial.write_text(training_report(logs, 'Training runs'), encoding='utf-8')
    return status


if __name__ == '__main__':
    sys.exit(main())
