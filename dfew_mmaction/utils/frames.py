"""Frames in a folder."""

import os
import re
from functools import lru_cache
from pathlib import Path

_FRAME_SUFFIXES = ('.jpg', '.jpeg', '.png', '.bmp')
_NUMBER = re.compile(r'(\d+)')
#: Replacing each digit by 0 gives the pattern of a name.
_PATTERN = str.maketrans('123456789', '000000000')


def list_frames(folder: str | Path) -> list[str]:
    """List the frames in a folder in natural order.

    Names are compared by their numbers from left to right: ``frame2_face0.jpg``
    precedes ``frame10_face0.jpg``, and ``00012_9.jpg`` precedes ``00012_10.jpg``. Files
    without a number, hidden files and files that are no images are left out.

    Args:
        folder (str | Path): Folder of frames.

    Returns:
        list[str]: File names without the folder; empty if there is no frame.

    Raises:
        ValueError: If the order is ambiguous: names differ in more than their numbers,
            or two have the same numbers.
    """
    try:
        return list(_in_order(tuple(sorted(os.listdir(folder)))))
    except AmbiguousOrderError as error:
        raise ValueError(
            f"'{folder}': the order of the frames {error}. Rename or remove one."
        ) from None


class AmbiguousOrderError(ValueError):
    """The order of two names is ambiguous."""


# Clips of 16 frames usually have the same names: 1.jpg to 16.jpg.
@lru_cache(maxsize=256)
def _in_order(names: tuple[str, ...]) -> tuple[str, ...]:
    frames = [n for n in names if n[0] != '.' and n.lower().endswith(_FRAME_SUFFIXES)]
    if len({name.translate(_PATTERN) for name in frames}) == 1 and any(
        character.isdigit() for character in os.path.splitext(frames[0])[0]
    ):
        return tuple(frames)  # zero-padded: sorting as text is sorting by numbers
    found: dict[tuple[int, ...], str] = {}
    first: tuple[list[str], str] | None = None
    for name in frames:
        texts = _NUMBER.split(os.path.splitext(name)[0].lower())
        if len(texts) < 2:
            continue
        numbers, words = tuple(map(int, texts[1::2])), texts[::2]
        first = first or (words, name)
        other = first[1] if words != first[0] else found.get(numbers)
        if other is not None:
            raise AmbiguousOrderError(f"'{other}' and '{name}' is ambiguous")
        found[numbers] = name
    return tuple(found[numbers] for numbers in sorted(found))
