"""Draw UAR and WAR over a setting of tools/cross_validate.py --grid.

Only finished runs are drawn, also during a sweep.
"""

import argparse
import sys

from dfew_mmaction.apis import read_sweep
from dfew_mmaction.utils import exit_status, save_figure, tool_parser
from dfew_mmaction.visualization import plot_sweep


def parse_args() -> argparse.Namespace:
    parser = tool_parser(__doc__)
    parser.add_argument('work_dir', help='work dir of tools/cross_validate.py')
    parser.add_argument('key', help='varied key or its end, such as loss_weight')
    parser.add_argument('out', help='picture to write, such as sweep.png')
    parser.add_argument(
        '--configs', nargs='+', help='names of configs to draw (default: all)'
    )
    parser.add_argument('--label', help='label of the axis (default: the key)')
    return parser.parse_args()


def main() -> int:
    args = parse_args()
    scores = read_sweep(args.work_dir, args.key, args.configs)
    save_figure(args.out, plot_sweep(scores, args.label or args.key), 120)
    for name, curve in scores.items():
        for value in sorted(curve):
            print(
                f'{name} {args.key}={value}: '
                + ', '.join(
                    f'UAR {s["UAR"]:.2%} WAR {s["WAR"]:.2%}' for s in curve[value]
                )
            )
    return 0


if __name__ == '__main__':
    sys.exit(exit_status(main))
