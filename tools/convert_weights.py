"""Convert weights of other projects to the names of this one."""

import argparse
import sys

from dfew_mmaction.apis import convert_weight_file
from dfew_mmaction.utils import exit_status, tool_parser
from dfew_mmaction.weights.rules import SOURCES


def parse_args() -> argparse.Namespace:
    parser = tool_parser(__doc__)
    parser.add_argument('source', help='published file or URL')
    parser.add_argument('out', help='file to write, for `load_from` and testing')
    parser.add_argument(
        '--from', dest='origin', required=True, choices=sorted(SOURCES),
        help='origin of the file',
    )  # fmt: skip
    parser.add_argument('--config', help='config whose network the weights must fill')
    return parser.parse_args()


def main() -> int:
    args = parse_args()
    notes = convert_weight_file(args.source, args.out, args.origin, config=args.config)
    print('\n'.join(notes))
    return 0


if __name__ == '__main__':
    sys.exit(exit_status(main))
