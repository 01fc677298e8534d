"""Check whether the UAR and WAR of a printed table follow from its recalls.

TABLE is a CSV with a header. The columns of the classes, `UAR` and `WAR` may be in any
order; the first other column is the name of the row. All values are percentages.

Exit status: 0 if every row follows, 1 if one does not, 2 if TABLE cannot be read.
"""

import argparse
import sys

from dfew_mmaction.evaluation.published_table import (
    DFEW_TOTALS,
    read_published_table,
    verdicts,
)
from dfew_mmaction.utils import CLASSES, exit_status, tool_parser, whole_number

from tabulate import tabulate


def parse_args() -> argparse.Namespace:
    parser = tool_parser(__doc__)
    parser.add_argument('table', metavar='TABLE', help='CSV file')
    parser.add_argument(
        '--classes', nargs='+', default=list(CLASSES), metavar='NAME',
        help='names of the classes, as in the header (default: the seven of '
        'DFEW; synonyms such as `anger` and `happiness` are accepted)',
    )  # fmt: skip
    parser.add_argument(
        '--totals', nargs='+', type=whole_number(0), metavar='CLIPS',
        help='clips of each class, in the order of --classes (default: the five test '
        f'parts of DFEW: {" ".join(map(str, DFEW_TOTALS))})',
    )  # fmt: skip
    parser.add_argument(
        '--decimals', type=int, choices=range(1, 7), default=2,
        help='printed digits after the point (default: 2)',
    )  # fmt: skip
    return parser.parse_args()


def main() -> int:
    args = parse_args()
    rows = read_published_table(args.table, args.classes)
    found = verdicts(rows, args.classes, args.totals or DFEW_TOTALS, args.decimals)
    print(tabulate(found, headers='keys', tablefmt='github', disable_numparse=True))
    return 0 if all(row['follows'] == 'yes' for row in found) else 1


if __name__ == '__main__':
    sys.exit(exit_status(main))
