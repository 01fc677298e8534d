"""Frames in a folder."""

import os
import re
from pathlib import Path

_FRAME_ENDINGS = ('.jpg', '.jpeg', '.png', '.bmp')
_LAST_NUMBER = re.compile(r'(\d+)\D*$')


def list_frames(folder: str | Path) -> list[str]:
    """List the frames in a folder in the order of their numbers.

    The number is the last one in the name: ``10.jpg`` and ``00012_10.jpg`` are the
    tenth frame. Sorting as text would put it before the second.

    Args:
        folder (str | Path): Folder of frames.

    Returns:
        list[str]: File names without the folder; empty without frames.
    """
    frames = []
    for name in os.listdir(folder):
        stem, ending = os.path.splitext(name)
        number = _LAST_NUMBER.search(stem)
        if number and ending.lower() in _FRAME_ENDINGS and not name.startswith('.'):
            frames.append((int(number[1]), name))
    return [name for _, name in sorted(frames)]
