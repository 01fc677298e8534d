"""Check whether the UAR and WAR of a printed table follow from its recalls.

The table is a CSV with a header: a name, one column for each class, UAR, WAR, all in
percent.
"""

import argparse
import csv
import sys

from tabulate import tabulate

from dfew_mmaction.evaluation.functional import check_published_scores
from dfew_mmaction.utils import exit_status

# Pooled clips of the release, happy to fear; the paper's tables follow from them.
DFEW_TOTALS = [2445, 1894, 2669, 2173, 1469, 145, 902]


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('table')
    parser.add_argument(
        '--totals', nargs='+', type=int, default=DFEW_TOTALS,
        help='clips of each class (default: the five test parts of DFEW together)',
    )  # fmt: skip
    parser.add_argument('--decimals', type=int, default=2)
    return parser.parse_args()


def main() -> int:
    args = parse_args()
    with open(args.table, encoding='utf-8-sig', newline='') as file:
        header, *lines = [line for line in csv.reader(file) if line]
    expected = len(args.totals) + 3
    rows = []
    for number, line in enumerate([header, *lines], start=1):
        if len(line) != expected:
            raise ValueError(
                f'{args.table}, row {number}: expected {expected} cells (name, '
                f'{len(args.totals)} classes, UAR, WAR), found {len(line)}'
            )
    for number, (name, *cells) in enumerate(lines, start=2):
        try:
            *recalls, uar, war = map(float, cells)
            audit = check_published_scores(
                recalls, args.totals, uar, war, args.decimals
            )
        except ValueError as error:
            raise ValueError(f'{args.table}, row {number}: {error}') from error
        odd = [
            title
            for title, possible in zip(header[1:], audit['recalls_possible'])
            if not possible
        ]
        rows.append(
            dict(
                name=name,
                UAR=f'{audit["UAR"]:.{args.decimals}f}, printed {uar}',
                WAR=f'{audit["WAR"]:.{args.decimals}f}, printed {war}',
                follows='yes'
                if audit['uar_follows'] and audit['war_follows']
                else 'NO',
                impossible=', '.join(odd) or '-',
            )
        )
    print(tabulate(rows, headers='keys', tablefmt='github', disable_numparse=True))
    return 1 if any(row['follows'] == 'NO' for row in rows) else 0


if __name__ == '__main__':
    sys.exit(exit_status(main))
