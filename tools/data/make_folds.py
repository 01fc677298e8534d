"""Split the clips of a data set into folds and write their lists.

LABELS is one of

- a table of votes (annotation.xlsx or a CSV with its header),
- a CSV with the header video_name,label and labels from 1,
- a CSV with the header path,label, where labels are words: a custom data set.

For the first two, the lists are written to ROOT/EmoLabel_DataSplit in the release's
format. For a custom set, they are ROOT/set_<k>/{train,test}.csv, which
ExpressionDataset reads by ann_file='set_{fold}/{split}.csv'; relative paths start from
ROOT.
"""

import argparse
import sys
from pathlib import Path

from dfew_mmaction.annotations import (
    make_folds,
    read_votes,
    single_labels,
    write_folds,
)
from dfew_mmaction.datasets.fold_lists import (
    label_list_kind,
    own_lists,
    read_groups,
    read_own_labels,
    read_release_labels,
    write_own_folds,
)
from dfew_mmaction.extraction.manifest import read_manifest
from dfew_mmaction.utils import (
    CLASSES,
    add_votes,
    exit_status,
    real_paths,
    tool_parser,
    whole_number,
)

import pandas as pd


def parse_args() -> argparse.Namespace:
    parser = tool_parser(__doc__)
    parser.add_argument('labels', metavar='LABELS', help='.csv or .xlsx, see above')
    parser.add_argument('root', metavar='ROOT', help='folder of the set')
    parser.add_argument(
        '--folds', type=whole_number(2), default=5, help='number of folds (default: 5)'
    )
    parser.add_argument(
        '--seed', type=whole_number(0), default=0, help='of the shuffling (default: 0)'
    )
    parser.add_argument(
        '--groups', metavar='CSV',
        help='CSV with the header video_name,group (path,group for a custom set): all '
        'clips of a group, such as a person or a movie, go to the same fold',
    )  # fmt: skip
    parser.add_argument(
        '--manifest', help='manifest of extract_faces.py: use the kept clips only'
    )
    add_votes(parser)
    parser.add_argument(
        '--overwrite', action='store_true', help='replace existing lists'
    )
    return parser.parse_args()


def refuse_existing(found: list[Path], overwrite: bool) -> None:
    if found and not overwrite:
        raise ValueError(
            f"'{found[0]}' exists already: other lists give other scores. Use another "
            'root, or --overwrite'
        )


def custom_set(args: argparse.Namespace) -> tuple[pd.DataFrame, str]:
    if args.manifest:
        raise ValueError('--manifest goes with clip numbers, not with a list of paths')
    refuse_existing(own_lists(args.root), args.overwrite)
    labels = read_own_labels(args.labels, args.root)
    classes = sorted(set(labels))
    codes = labels.map({name: code for code, name in enumerate(classes, 1)})
    groups = None
    if args.groups:
        by_place = read_groups(args.groups, args.root, own=True)
        places = real_paths(Path(args.root) / name for name in labels.index)
        doubled = by_place.index[by_place.index.duplicated()]
        if len(doubled):
            raise ValueError(f"{args.groups}: '{doubled[0]}' has more than one group")
        groups = pd.Series(by_place.reindex(places).to_numpy(), labels.index)
    folds = make_folds(codes.astype(int), args.folds, args.seed, groups=groups)
    write_own_folds(args.root, labels, folds)
    table = pd.crosstab(folds, labels.loc[folds.index])
    return table, f'{args.root}/set_<fold>/{{train,test}}.csv'


def release_set(args: argparse.Namespace, kind: str) -> tuple[pd.DataFrame, str]:
    lists = Path(args.root) / 'EmoLabel_DataSplit'
    refuse_existing([lists] if lists.exists() else [], args.overwrite)
    if kind == 'release':
        labels = read_release_labels(args.labels)
    else:
        votes = read_votes(args.labels, args.num_votes)
        labels = single_labels(votes, args.threshold, args.strict)
    labels = labels[labels > 0]
    if args.manifest:
        kept = read_manifest(args.manifest).query('kept')['clip']
        labels = labels[labels.index.isin(kept)]
    groups = read_groups(args.groups, args.root) if args.groups else None
    folds = make_folds(labels, args.folds, args.seed, groups=groups)
    write_folds(args.root, labels, folds)
    table = pd.crosstab(folds, labels.map(lambda label: CLASSES[label - 1]))
    return table.reindex(columns=list(CLASSES), fill_value=0), str(lists)


def main() -> int:
    args = parse_args()
    kind = label_list_kind(args.labels)
    table, place = custom_set(args) if kind == 'own' else release_set(args, kind)
    table.insert(0, 'test clips', table.sum(axis=1))
    print(table.to_markdown())
    print(f"\nWritten to '{place}'.")
    return 0


if __name__ == '__main__':
    sys.exit(exit_status(main))
