"""Draw the confusion matrices of one or more predictions files."""

import argparse
import sys
from pathlib import Path

from dfew_mmaction.evaluation.functional import (
    confusion_matrix,
    read_predictions,
    uar_war,
)
from dfew_mmaction.utils import exit_status, save_figure, tool_parser
from dfew_mmaction.visualization import plot_confusion_matrices


def parse_args() -> argparse.Namespace:
    parser = tool_parser(__doc__)
    parser.add_argument('predictions', nargs='+', help='CSV by tools/test.py --dump')
    parser.add_argument('out', help='picture to write, such as confusion.png')
    parser.add_argument(
        '--titles',
        nargs='+',
        help='one per file (default: names of the files)',
    )
    parser.add_argument(
        '--counts', action='store_true', help='write the number of clips as well'
    )
    args = parser.parse_args()
    if args.titles and len(args.titles) != len(args.predictions):
        parser.error(
            f'{len(args.predictions)} files need as many titles, got {len(args.titles)}'
        )
    return args


def main() -> int:
    args = parse_args()
    matrices, titles, names = [], [], None
    own = (
        [Path(path).stem for path in args.predictions] if args.predictions[1:] else ['']
    )
    for path, name in zip(args.predictions, args.titles or own):
        _, labels, scores, classes = read_predictions(path)
        if names not in (None, classes):
            raise ValueError(f'{path}: the classes are {classes}, before: {names}')
        names = classes
        matrices.append(confusion_matrix(scores, labels, len(classes)))
        got = uar_war(scores, labels, len(classes), classes=classes)
        score = f'UAR {got["UAR"]:.1%}, WAR {got["WAR"]:.1%}'
        titles.append(f'{name}: {score}' if name else score)
    figure = plot_confusion_matrices(matrices, names, titles, counts=args.counts)
    save_figure(args.out, figure, 120)
    return 0


if __name__ == '__main__':
    sys.exit(exit_status(main))
