"""Options that several scripts have, and ``type`` functions of ``argparse``."""

import argparse
import math
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from .checks import MARGINS, MAX_SECONDS, MIN_SECONDS

#: Greatest whole number of an option: that of seeds.
MAX_WHOLE = 2**32 - 1


def tool_parser(doc: str | None, **options: Any) -> argparse.ArgumentParser:
    """Make the parser of a script, whose help keeps the lines of its docstring."""
    return argparse.ArgumentParser(
        description=doc,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        **options,
    )


def add_workers(parser: argparse.ArgumentParser) -> None:
    """Add ``--workers``."""
    parser.add_argument(
        '--workers',
        type=whole_number(1, 10_000),
        help='number of processes (default: all cores)',
    )


def add_votes(parser: argparse.ArgumentParser) -> None:
    """Add the options by which votes become single labels."""
    parser.add_argument(
        '--num-votes',
        type=whole_number(0),
        default=10,
        help='number of votes per clip (default: 10)',
    )
    parser.add_argument(
        '--threshold',
        type=whole_number(1),
        default=6,
        help='votes that a single label needs (default: 6)',
    )
    parser.add_argument(
        '--strict', action='store_true', help='require more votes than the threshold'
    )


def add_model(parser: argparse.ArgumentParser) -> None:
    """Add the network of a prediction: ``--config``, ``--checkpoint``, ``--device``."""
    parser.add_argument(
        '--config', help='config of the checkpoint; not for model files'
    )
    parser.add_argument(
        '--checkpoint',
        help='.pth, .safetensors, .onnx (default: the packaged network, which was '
        'trained on rendered faces only)',
    )
    parser.add_argument('--device', help='device, such as cuda:0')


def add_detector(parser: argparse.ArgumentParser, names: Iterable[str]) -> None:
    """Add ``--detector``, with these choices, its options and the margin of faces."""
    parser.add_argument(
        '--detector', default='mtcnn', choices=sorted(names), help='default: mtcnn'
    )
    parser.add_argument(
        '--detector-options',
        nargs='*',
        default=[],
        metavar='NAME=VALUE',
        help='options of the detector, such as min_face=40, or model=yunet.onnx',
    )
    parser.add_argument(
        '--margin',
        type=margin,
        default=0.0,
        help='margin around the face, such as 0.1; negative values crop tighter',
    )


def whole_number(least: int, most: int = MAX_WHOLE) -> Callable[[str], int]:
    """Make a ``type`` that reads a whole number of a range.

    Examples:
        >>> whole_number(1)('12')
        12
    """

    def read(text: str) -> int:
        digits = re.fullmatch(r'\s*[+-]?[0-9]{1,12}\s*', text)
        if not digits or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(
                f'expected a whole number from {least} to {most}, got {text!r}'
            )
        return int(text)

    return read


def number(least: float, most: float) -> Callable[[str], float]:
    """Make a ``type`` that reads a number of a range.

    Examples:
        >>> number(0, 1)('0.5')
        0.5
    """

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not least <= value <= most:  # NaN as well
            raise argparse.ArgumentTypeError(
                f'expected a number from {least:g} to {most:.7g}, got {text!r}'
            )
        return value

    return read


share = number(0, 1)
#: Seconds, and frames per second.
positive_number = number(MIN_SECONDS, MAX_SECONDS)
non_negative_number = number(0, MAX_SECONDS)
#: Margin around the face.
margin = number(*MARGINS)


def named_option(text: str) -> tuple[str, int | float | str]:
    """Read ``NAME=VALUE`` from a command line; numbers become numbers, paths absolute.

    Raises:
        ValueError: If there is no equals sign.

    Examples:
        >>> named_option('min_face=40')
        ('min_face', 40)
    """
    name, equals, value = text.partition('=')
    if not equals:
        raise ValueError(f'detector options are NAME=VALUE, got {text!r}')
    for kind in (int, float):
        try:
            return name, kind(value)
        except ValueError:
            pass
    # Processes on other nodes have another working directory.
    return name, str(Path(value).absolute()) if Path(value).exists() else value
