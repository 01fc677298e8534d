"""Print UAR, WAR and recalls of ONNX files on the test part of a config."""

import argparse
import sys

from dfew_mmaction.deploy import score_onnx
from dfew_mmaction.utils import exit_status, tool_parser

from mmengine.logging import MMLogger
from tabulate import tabulate


def parse_args() -> argparse.Namespace:
    parser = tool_parser(__doc__)
    parser.add_argument('config', help='config with the test part')
    parser.add_argument('models', nargs='+', help='.onnx by tools/deploy/export.py')
    return parser.parse_args()


def main() -> int:
    args = parse_args()
    MMLogger.get_current_instance().setLevel('WARNING')
    scores = score_onnx(args.config, args.models)
    rows = [
        {'model': path, **{name: 100 * value for name, value in row.items()}}
        for path, row in scores.items()
    ]
    print(tabulate(rows, headers='keys', tablefmt='github', floatfmt='.1f'))
    return 0


if __name__ == '__main__':
    sys.exit(exit_status(main))
