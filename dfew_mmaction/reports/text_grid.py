"""Reading of Praat's TextGrid files."""

import re
from collections.abc import Iterator
from pathlib import Path

from ..utils import read_text

#: A string in which quotes are doubled, a number or flag that stands alone, a comment.
_TOKEN = re.compile(
    r'"((?:[^"]|"")*)"|(?<!\S)([-+]?\d[\d.eE+-]*|<exists>|<absent>)(?!\S)|![^\n]*'
)


def read_text_grid(path: str | Path) -> dict[str, list[tuple[str, float, float]]]:
    """Read the interval tiers of a TextGrid, long or short text, UTF-8 or UTF-16.

    As Praat does, it reads the strings and the numbers that stand alone, in their
    order, and ignores all other words ("Text file formats" in Praat's manual).

    Args:
        path (str | Path): The file.

    Returns:
        dict[str, list[tuple[str, float, float]]]: By name of the tier: label, start and
        end in seconds of each interval. Point tiers are left out.

    Raises:
        ValueError: If it is not a TextGrid in text format.
    """
    try:
        return dict(_tiers(_tokens(_text(path))))
    except (StopIteration, RuntimeError, ValueError) as error:
        raise ValueError(
            f"'{path}' is not a .TextGrid file in Praat's text format: use 'Save as "
            "text file…' in Praat"
        ) from error


def _text(path: str | Path) -> str:
    data = Path(path).read_bytes()
    is_utf_16 = data.startswith((b'\xff\xfe', b'\xfe\xff'))
    return data.decode('utf-16') if is_utf_16 else read_text(path)


def _tokens(text: str) -> Iterator[str]:
    for match in _TOKEN.finditer(text):
        if match[1] is not None:
            yield match[1].replace('""', '"')
        elif match[2] is not None:
            yield match[2]


def _tiers(tokens: Iterator[str]) -> Iterator[tuple[str, list]]:
    if (next(tokens), next(tokens)) != ('ooTextFile', 'TextGrid'):
        raise ValueError('not a TextGrid')
    float(next(tokens)), float(next(tokens))
    count = int(next(tokens)) if next(tokens) == '<exists>' else 0
    for _ in range(count):
        kind, name = next(tokens), next(tokens)
        float(next(tokens)), float(next(tokens))
        size = int(next(tokens))
        if kind == 'IntervalTier':
            yield name, [_interval(tokens) for _ in range(size)]
        else:
            for _ in range(size):
                float(next(tokens)), next(tokens)


def _interval(tokens: Iterator[str]) -> tuple[str, float, float]:
    start, end = float(next(tokens)), float(next(tokens))
    return next(tokens), start, end
