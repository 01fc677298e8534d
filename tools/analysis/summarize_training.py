"""Summarise the logs of training runs in Markdown tables."""

import argparse
import sys

from dfew_mmaction.evaluation.training_log import training_report
from dfew_mmaction.utils import exit_status, tool_parser, write_text


def parse_args() -> argparse.Namespace:
    parser = tool_parser(__doc__)
    parser.add_argument('work_dirs', nargs='+', help='folders of the runs')
    parser.add_argument(
        '--out', help='Markdown file to write (default: standard output)'
    )
    parser.add_argument('--title', default='Training runs', help='heading of the page')
    parser.add_argument(
        '--note', nargs='+', default=(), help='paragraphs at the beginning'
    )
    return parser.parse_args()


def main() -> int:
    args = parse_args()
    text = training_report(args.work_dirs, args.title, args.note)
    if args.out:
        write_text(args.out, text)
    else:
        print(text)
    return 0


if __name__ == '__main__':
    sys.exit(exit_status(main))
