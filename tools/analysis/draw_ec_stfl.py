"""Draw what EC-STFL does to a mini-batch in the plane: the figure of docs/ec_stfl.md.

Arrows are where EC-STFL alone would move each sample. Prints the table below it.
"""

import argparse
import sys

from tabulate import tabulate

from dfew_mmaction.apis.loss_figure import toy_batch, toy_descents
from dfew_mmaction.utils import exit_status, write_beside
from dfew_mmaction.visualization import plot_loss_steps


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('out', help='picture to write, such as ec_stfl.png')
    parser.add_argument('--loss-weight', type=float, default=10.0, help='λ')
    parser.add_argument('--steps', type=int, default=30)
    parser.add_argument('--seed', type=int, default=0, help='of the mini-batch')
    return parser.parse_args()


def main() -> int:
    args = parse_args()
    states = toy_descents(args.loss_weight, args.steps, args.seed)
    labels = toy_batch(seed=args.seed)[1]
    drawn = {t: (s.features.numpy(), s.pull.numpy()) for t, s in states.items()}
    with write_beside(args.out) as beside:
        plot_loss_steps(drawn, labels.tolist()).savefig(beside, dpi=120)
    header = ['', 'cross-entropy', 'equation 9', 'within', 'between']
    rows = [[title, *state[2:]] for title, state in states.items()]
    print(tabulate(rows, header, tablefmt='github', floatfmt='.3f'))
    return 0


if __name__ == '__main__':
    sys.exit(exit_status(main))
