"""Check a copy of DFEW: lists, labels, votes, and every clip of every variant.

The lists are compared with the checksums of the release. A demo set is recognised.
"""

import argparse
import os
import sys

from dfew_mmaction.datasets import check_dfew
from dfew_mmaction.datasets.dfew.check_clips import KINDS
from dfew_mmaction.datasets.dfew.layout import CLIP_FOLDERS
from dfew_mmaction.utils import (
    CLASSES,
    add_workers,
    exit_status,
    json_text,
    tool_parser,
    write_json,
)

from tabulate import tabulate


def parse_args() -> argparse.Namespace:
    parser = tool_parser(
        __doc__,
        epilog='Exit status: 0 if it is complete, 1 if there are problems, 2 if it '
        'could not be checked.',
    )
    parser.add_argument(
        'root', nargs='?', default=os.environ.get('DFEW_ROOT') or 'data/DFEW',
        help='folder of DFEW (default: the variable DFEW_ROOT, else data/DFEW)',
    )  # fmt: skip
    parser.add_argument(
        '--sources', nargs='+', choices=list(CLIP_FOLDERS),
        help='required frame variants (default: those that exist)',
    )  # fmt: skip
    parser.add_argument(
        '--any-set', action='store_true',
        help='another set in this layout: do not expect the lists of the release',
    )  # fmt: skip
    parser.add_argument('--quick', action='store_true', help='decode nothing')
    add_workers(parser)
    parser.add_argument(
        '--json', help='write the report to FILE, - for standard output'
    )
    return parser.parse_args()


def main() -> int:
    args = parse_args()
    report = check_dfew(
        args.root,
        args.sources,
        False if args.any_set else None,
        verify=not args.quick,
        workers=args.workers,
    )
    status = 1 if report['problems'] else 0
    if args.json == '-':
        print(json_text(report))
        return status
    if args.json:
        write_json(args.json, report)
    demo = ' (a demo set)' if report['demo'] else ''
    print(f'{report["root"]}{demo}\nVotes: {report["votes"] or "none"}')
    print(f'Lists: {report["lists"]}\n')
    rows = [
        [fold, counts['train'], counts['test'], *counts['test_by_class'].values()]
        for fold, counts in report['folds'].items()
    ]
    print(tabulate(rows, ['fold', 'train', 'test', *CLASSES], tablefmt='github'))
    rows = [
        [
            source, found['clips'], found['not_listed'],
            ' / '.join(f'{number:g}' for number in found['frames']) or '-',
            *(found['problems'].get(kind, {}).get('count', 0) for kind in KINDS),
        ]
        for source, found in report['sources'].items()
    ]  # fmt: skip
    header = ['source', 'clips', 'not in a list', 'frames: min / median / max']
    print('\n' + tabulate(rows, [*header, *KINDS], tablefmt='github'))
    for source, found in report['sources'].items():
        for kind, what in found['problems'].items():
            print(f'\n{source}: {what["count"]} clips {KINDS[kind]}')
            for example in what['examples']:
                print(f'  {example}')
            if what['count'] > len(what['examples']):
                print(f'  … and {what["count"] - len(what["examples"])} more')
    for note in report['notes']:
        print(f'\nNote: {note}')
    for problem in report['problems']:
        print(f'\nProblem: {problem}')
    print('\nThis copy is ' + ('NOT complete.' if status else 'complete.'))
    return status


if __name__ == '__main__':
    sys.exit(exit_status(main))
