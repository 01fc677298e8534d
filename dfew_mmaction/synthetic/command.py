"""Common parts of the commands that write synthetic faces."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from dfew_mmaction.utils import (
    add_workers,
    atomic_write,
    share,
    tool_parser,
    whole_number,
)

from .identity import STYLES
from .plan import IMBALANCES
from .store import SOURCES

#: Message after Ctrl-C or SIGTERM.
STOPPED = 'Interrupted; the same command continues from here.'
_STYLES = {
    'default': 'as for training',
    'other': 'other light, colours, heads and cameras',
    'resting': 'faces that look less neutral at rest',
    'varied': 'wider ranges of folds, brows, eyes, lips, light and contrast',
}


def set_parser(
    doc: str, *, max_frames: int, styles: Sequence[str] = STYLES
) -> argparse.ArgumentParser:
    """Make a parser with the arguments that all kinds of synthetic sets have.

    Args:
        doc (str): Docstring of the script.
        max_frames (int): Default of ``--max-frames``.
        styles (Sequence[str]): Choices of ``--style``.
    """
    parser = tool_parser(doc)
    parser.add_argument('root', nargs='?', help='folder to write the set to')
    parser.add_argument(
        '--num-clips',
        type=whole_number(1, 1_000_000),
        default=1400,
        help='number of clips in the lists (default: 1400)',
    )
    parser.add_argument(
        '--num-identities',
        type=whole_number(1, 1_000_000),
        default=200,
        help='number of people (default: 200)',
    )
    parser.add_argument('--seed', type=whole_number(0), default=0, help='default: 0')
    parser.add_argument('--folds', type=whole_number(2), default=5, help='default: 5')
    parser.add_argument(
        '--imbalance',
        choices=IMBALANCES,
        default='none',
        help='shares of the classes: none (default): equal; dfew: those of DFEW; '
        'neutral: mostly neutral',
    )
    parser.add_argument(
        '--min-frames',
        type=whole_number(1, 10_000),
        default=11,
        help='of the shortest clip (default: 11)',
    )
    parser.add_argument(
        '--max-frames',
        type=whole_number(1, 10_000),
        default=max_frames,
        help='of the longest clip (default: %(default)s)',
    )
    parser.add_argument(
        '--sources', nargs='+', choices=SOURCES, default=list(SOURCES),
        help='frame variants to write (default: all)',
    )  # fmt: skip
    parser.add_argument(
        '--unlabelled', '--unlabeled', type=share, default=0.08,
        help='share of clips without a single label',
    )  # fmt: skip
    add_workers(parser)
    parser.add_argument(
        '--style', choices=styles, default='default',
        help='; '.join(f'{style}: {_STYLES[style]}' for style in styles),
    )  # fmt: skip
    parser.add_argument(
        '--sheet', metavar='FILE.png|jpg', help='write an overview of the expressions'
    )
    return parser


def parse_set(parser: argparse.ArgumentParser) -> argparse.Namespace:
    """Parse the arguments; one of ``root`` and ``--sheet`` is required."""
    args = parser.parse_args()
    if args.root is None and args.sheet is None:
        parser.error('name a root for the set, or --sheet FILE, or both')
    # OpenCV chooses the format by the suffix and refuses others.
    if args.sheet and Path(args.sheet).suffix.lower() not in ('.png', '.jpg', '.jpeg'):
        parser.error(f"--sheet expects a .png or .jpg file, got '{args.sheet}'")
    return args


def write_sheet(path: str | Path, picture: np.ndarray) -> None:
    """Write an overview, uint8 of shape (H, W, 3) in BGR."""
    with atomic_write(path) as temporary:
        temporary.write_bytes(cv2.imencode(Path(path).suffix, picture)[1].tobytes())


def describe_set(counts: Mapping[str, Any]) -> str:
    """Describe a finished set by the result of :func:`.make_demo`."""
    state = 'already complete' if counts['already_there'] else 'written'
    return (
        f'\n{counts["root"]}: {state}; {counts["clips"]} clips in the lists, '
        f'{counts["unlabelled"]} without a single label, '
        f'{counts["without_faces"]} without enough faces'
    )
