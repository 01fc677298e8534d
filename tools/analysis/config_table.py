"""Print parameters, GFLOPs and losses of a training step for a folder of configs."""

import argparse
import sys

from dfew_mmaction.apis import config_table
from dfew_mmaction.utils import exit_status, tool_parser

from mmengine.logging import MMLogger
from tabulate import tabulate


def parse_args() -> argparse.Namespace:
    parser = tool_parser(__doc__)
    parser.add_argument(
        'folder', nargs='?', default='configs/dfew', help='default: %(default)s'
    )
    parser.add_argument(
        '--step', action='store_true',
        help='also run a training step of each at full size (minutes on a CPU)',
    )  # fmt: skip
    return parser.parse_args()


def main() -> int:
    args = parse_args()
    # Networks log each of their weights when they are initialised.
    MMLogger.get_current_instance().setLevel('WARNING')
    rows = config_table(args.folder, args.step)
    for row in rows:
        row['losses'] = ' + '.join(row['losses'])
    print(tabulate(rows, headers='keys', tablefmt='github', floatfmt='.2f'))
    return 0


if __name__ == '__main__':
    sys.exit(exit_status(main))
