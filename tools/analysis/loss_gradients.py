"""Print the gradient of each loss of a config with respect to the embedding."""

import argparse
import logging
import sys

from dfew_mmaction.apis import loss_gradients
from dfew_mmaction.utils import exit_status, tool_parser, whole_number

from mmengine.logging import MMLogger
from tabulate import tabulate


def parse_args() -> argparse.Namespace:
    parser = tool_parser(__doc__)
    parser.add_argument('config', help='config of the network')
    parser.add_argument(
        'checkpoints', nargs='*', help='weights (default: initial weights)'
    )
    parser.add_argument(
        '--batches',
        type=whole_number(1),
        default=10,
        help='mini-batches to average over (default: 10)',
    )
    parser.add_argument(
        '--seed',
        type=whole_number(0),
        default=0,
        help='of weights and mini-batches (default: 0)',
    )
    return parser.parse_args()


def main() -> int:
    args = parse_args()
    MMLogger.get_current_instance().setLevel(logging.WARNING)
    rows = []
    for checkpoint in args.checkpoints or [None]:
        found = loss_gradients(
            args.config, checkpoint, batches=args.batches, seed=args.seed
        )
        rows += [
            dict(checkpoint=checkpoint or 'start', of=name, **values)
            for name, values in found.items()
        ]
    print(tabulate(rows, headers='keys', tablefmt='github', floatfmt='.3g'))
    return 0


if __name__ == '__main__':
    sys.exit(exit_status(main))
