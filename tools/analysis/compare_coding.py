r"""Compare a prediction with the coding of a human coder.

    python tools/analysis/compare_coding.py work_dirs/predict/video/timelines.json \
        coding.eaf --tier coder1 --map joy=happy

prints Cohen's kappa over time, precision and recall of each emotion and the error of
the onsets, and writes agreement.json, agreement.md and tracks.png next to the
prediction.
"""

import argparse
import sys
from pathlib import Path

from dfew_mmaction.reports.compare_coding import compare_coding
from dfew_mmaction.utils import exit_status, positive_number, tool_parser, whole_number


def parse_args() -> argparse.Namespace:
    parser = tool_parser(__doc__)
    parser.add_argument('timelines', help='timelines.json by tools/predict.py')
    parser.add_argument('coding', help='.eaf, .TextGrid, .csv or .tsv')
    parser.add_argument(
        '--out', help='folder for the results (default: that of the prediction)'
    )
    parser.add_argument(
        '--face',
        type=whole_number(1),
        help='number of the face (default: the one seen longest)',
    )
    parser.add_argument('--tier', help='tier or subject, if there are several')
    parser.add_argument(
        '--map', nargs='+', default=[], metavar='LABEL=CLASS', dest='names',
        help='class of a label of the coder; LABEL= leaves it out',
    )  # fmt: skip
    parser.add_argument(
        '--step',
        type=positive_number,
        default=0.04,
        help='interval in seconds (default: %(default)s)',
    )
    parser.add_argument(
        '--coded-only', action='store_true',
        help='leave out the time to which the coder gave no label',
    )  # fmt: skip
    return parser.parse_args()


def main() -> int:
    args = parse_args()
    if wrong := [text for text in args.names if '=' not in text]:
        raise ValueError(f'--map takes LABEL=CLASS, got {wrong[0]!r}')
    _, text = compare_coding(
        args.timelines,
        args.coding,
        args.out or Path(args.timelines).parent,
        face=args.face,
        tier=args.tier,
        names=dict(text.split('=', 1) for text in args.names),
        step=args.step,
        coded_only=args.coded_only,
    )
    print(text, end='')
    return 0


if __name__ == '__main__':
    sys.exit(exit_status(main))
