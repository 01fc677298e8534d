"""Draw embeddings in the plane and print the separation of the classes."""

import argparse
import sys
from pathlib import Path

from dfew_mmaction.evaluation.functional import read_embeddings, separation
from dfew_mmaction.utils import (
    exit_status,
    save_figure,
    tool_parser,
    whole_number,
)
from dfew_mmaction.visualization import plot_embeddings, project

from tabulate import tabulate


def parse_args() -> argparse.Namespace:
    parser = tool_parser(__doc__)
    parser.add_argument(
        'embeddings', nargs='+', help='.npz files by tools/test.py --embeddings'
    )
    parser.add_argument('out', help='picture to write, such as tsne.png')
    parser.add_argument(
        '--method',
        choices=['tsne', 'umap'],
        default='tsne',
        help='default: tsne; umap needs `pip install umap-learn`',
    )
    parser.add_argument('--seed', type=whole_number(0), default=0)
    parser.add_argument(
        '--titles', nargs='+', help='one per file (default: names of the files)'
    )
    args = parser.parse_args()
    args.titles = args.titles or [Path(path).stem for path in args.embeddings]
    if len(args.titles) != len(args.embeddings):
        parser.error(
            f'{len(args.embeddings)} files need as many titles, got {len(args.titles)}'
        )
    return args


def main() -> int:
    args = parse_args()
    files = [read_embeddings(path) for path in args.embeddings]
    for path, content in zip(args.embeddings, files):
        if content.classes != files[0].classes:
            raise ValueError(
                f'{path}: the classes are {content.classes}, before: {files[0].classes}'
            )
    rows = [
        dict(file=title, clips=len(f.labels), **separation(f.embeddings, f.labels))
        for title, f in zip(args.titles, files)
    ]
    print(tabulate(rows, headers='keys', tablefmt='github', floatfmt='.3f'))
    points = [project(f.embeddings, args.method, args.seed) for f in files]
    figure = plot_embeddings(
        points, [f.labels for f in files], files[0].classes, titles=args.titles
    )
    save_figure(args.out, figure, 120)
    return 0


if __name__ == '__main__':
    sys.exit(exit_status(main))
