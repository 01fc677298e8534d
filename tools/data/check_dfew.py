"""Is my copy of DFEW whole? Lists, folds, and every clip of every variant."""

import argparse
import sys

from tabulate import tabulate

from dfew_mmaction.datasets import check_dfew
from dfew_mmaction.datasets.check_clips import KINDS
from dfew_mmaction.datasets.layout import CLIP_FOLDERS
from dfew_mmaction.utils import CLASSES, atomic_write, exit_status, json_text


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog='Exit status: 0 whole, 1 problems, 2 not looked at.'
    )
    parser.add_argument('root')
    parser.add_argument(
        '--sources', nargs='+', choices=list(CLIP_FOLDERS),
        help='what has to be there (default: look at what is there)',
    )  # fmt: skip
    parser.add_argument(
        '--any-set', action='store_true',
        help='another set in this layout: do not expect the sizes of the release',
    )  # fmt: skip
    parser.add_argument('--quick', action='store_true', help='decode nothing')
    parser.add_argument('--workers', type=int, help='processes (default: all cores)')
    parser.add_argument('--json', help='write the report there, - for standard output')
    return parser.parse_args()


def main() -> int:
    args = parse_args()
    report = check_dfew(
        args.root,
        args.sources,
        not args.any_set,
        verify=not args.quick,
        workers=args.workers,
    )
    status = 1 if report['problems'] else 0
    text = json_text(report)
    if args.json == '-':
        print(text)
        return status
    if args.json:
        with atomic_write(args.json) as path:
            path.write_text(text + '\n')
    print(f'{report["root"]}\nVotes: {report["votes"] or "none"}\n')
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
    header = ['source', 'clips', 'not in a list', 'frames: least / median / most']
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
    print('\nThis copy is ' + ('NOT whole.' if status else 'whole.'))
    return status


if __name__ == '__main__':
    sys.exit(exit_status(main))
