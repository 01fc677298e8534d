"""Deal the clips of a set out to folds and write them as the release's lists.

LABELS is a table of votes (annotation.xlsx or a CSV with its header), or a CSV with the
header video_name,label and labels from 1.
"""

import argparse
import sys
from pathlib import Path

import pandas as pd

from dfew_mmaction.annotations import (
    make_folds,
    read_votes,
    single_labels,
    write_folds,
)
from dfew_mmaction.datasets.split_csv import HEADER, read_split_csv
from dfew_mmaction.extraction.manifest import read_manifest
from dfew_mmaction.utils import CLASSES, exit_status
from dfew_mmaction.utils.error_sentences import reading


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('labels')
    parser.add_argument('root', help='of the set; EmoLabel_DataSplit is made in it')
    parser.add_argument('--folds', type=int, default=5)
    parser.add_argument('--seed', type=int, default=0)
    parser.add_argument(
        '--groups', help='CSV with the header video_name,group: not to be torn apart'
    )
    parser.add_argument(
        '--manifest', help='of extract_faces.py: take the clips that it kept'
    )
    parser.add_argument('--num-votes', type=int, default=10, help='votes a clip')
    parser.add_argument('--threshold', type=int, default=6)
    parser.add_argument(
        '--strict', action='store_true', help='more than the threshold, not at least'
    )
    parser.add_argument(
        '--overwrite', action='store_true', help='lists that are there already'
    )
    return parser.parse_args()


def read_labels(args: argparse.Namespace) -> pd.Series:
    path = Path(args.labels)
    if path.suffix == '.csv' and path.is_file():
        with reading(path, 'CSV of labels or votes'):
            header = path.read_text(encoding='utf-8-sig').partition('\n')[0]
        if [cell.strip() for cell in header.split(',')] == HEADER:
            return pd.Series(read_split_csv(path, len(CLASSES))) + 1
    return single_labels(read_votes(path, args.num_votes), args.threshold, args.strict)


def main() -> int:
    args = parse_args()
    lists = Path(args.root) / 'EmoLabel_DataSplit'
    if lists.exists() and not args.overwrite:
        raise ValueError(
            f"'{lists}' is there already: other lists give other scores. Give another "
            'root, or --overwrite'
        )
    labels = read_labels(args)
    labels = labels[labels > 0]
    if args.manifest:
        kept = read_manifest(args.manifest).query('kept')['clip']
        labels = labels[labels.index.isin(kept)]
    groups = None
    if args.groups:
        with reading(args.groups, 'CSV of groups'):
            table = pd.read_csv(args.groups, encoding='utf-8-sig')
        if list(table.columns) != ['video_name', 'group']:
            raise ValueError(
                f"'{args.groups}', row 1: expected the header 'video_name,group', "
                f"found '{','.join(map(str, table.columns))}'"
            )
        groups = table.set_index('video_name')['group']
    folds = make_folds(labels, args.folds, args.seed, groups=groups)
    write_folds(args.root, labels, folds)
    table = pd.crosstab(folds, labels.map(lambda label: CLASSES[label - 1]))
    table = table.reindex(columns=list(CLASSES), fill_value=0)
    table.insert(0, 'test clips', table.sum(axis=1))
    print(table.to_markdown())
    print(f"\nWritten to '{lists}'.")
    return 0


if __name__ == '__main__':
    sys.exit(exit_status(main))
