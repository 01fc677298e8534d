"""Draw the confusion matrix of a predictions file."""

import argparse
import sys

from dfew_mmaction.evaluation.functional import (
    confusion_matrix,
    read_predictions,
    uar_war,
)
from dfew_mmaction.utils import write_beside
from dfew_mmaction.visualization import plot_confusion_matrix


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('predictions', help='CSV that tools/test.py --dump wrote')
    parser.add_argument('out', help='picture to write, such as confusion.png')
    parser.add_argument('--title', help='default: UAR and WAR')
    return parser.parse_args()


def main() -> int:
    args = parse_args()
    try:
        _, labels, scores, classes = read_predictions(args.predictions)
        matrix = confusion_matrix(scores, labels, len(classes))
        got = uar_war(scores, labels, len(classes), classes)
        title = args.title or f'UAR {got["UAR"]:.1%}, WAR {got["WAR"]:.1%}'
        with write_beside(args.out) as beside:
            plot_confusion_matrix(matrix, classes, title).savefig(beside, dpi=120)
    except (OSError, ValueError) as error:
        print(f'error: {error}', file=sys.stderr)
        return 2
    return 0


if __name__ == '__main__':
    sys.exit(main())
