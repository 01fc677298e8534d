"""Draw losses and scores over the epochs of one or more training runs."""

import argparse
import sys

from dfew_mmaction.evaluation.training_log import read_training_log
from dfew_mmaction.utils import exit_status, save_figure, tool_parser
from dfew_mmaction.visualization import plot_training


def parse_args() -> argparse.Namespace:
    parser = tool_parser(__doc__)
    parser.add_argument('work_dirs', nargs='+', help='folders of the runs')
    parser.add_argument('out', help='picture to write, such as training.png')
    parser.add_argument(
        '--names', nargs='+', help='names of the runs (default: folders)'
    )
    args = parser.parse_args()
    args.names = args.names or args.work_dirs
    if len(args.names) != len(args.work_dirs):
        parser.error(
            f'{len(args.work_dirs)} runs need as many names, got {len(args.names)}'
        )
    return args


def main() -> int:
    args = parse_args()
    logs = {n: read_training_log(w) for n, w in zip(args.names, args.work_dirs)}
    save_figure(args.out, plot_training(logs), 120)
    return 0


if __name__ == '__main__':
    sys.exit(exit_status(main))
