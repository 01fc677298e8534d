"""Decoding by decord."""

from collections.abc import Generator
from typing import Any

import cv2
import numpy as np

from ..container import Container, open_container
from .pyav import decode


def open_decord(container: Container, num_threads: int = 1) -> tuple[Any, str]:
    """Open a file by decord.

    Returns:
        tuple: A ``decord.VideoReader`` and an empty string, or None and why decord
        cannot be used for the file.
    """
    if container.format in ('mpeg', 'mpegts'):
        # Seeking is not exact there: decord gives frames twice and leaves others out.
        return None, f'its frames in {container.format} are not reliable'
    import decord

    try:
        return decord.VideoReader(str(container.path), num_threads=num_threads), ''
    except Exception as error:  # RuntimeError or decord's own, by its release
        return None, str(error).strip().split('\n')[0]


def frames(container: Container) -> Generator[tuple[float, np.ndarray], None, None]:
    """Decode all frames, up to the first that cannot be decoded."""
    reader, problem = open_decord(container)
    if problem:
        return
    before, repeats = None, False
    # It counts what an edit list hides too, and repeats the last frame as often.
    for index in range(min(len(reader), container.num_frames)):
        try:
            frame = reader[index].asnumpy()
        except Exception:  # as above
            return
        # In place of a frame that it cannot decode, decord gives its neighbour.
        if not repeats and before is not None and np.array_equal(frame, before):
            repeats = True
            if _count(container) < container.num_frames:
                return
        before = frame
        yield container.seconds(index), cv2.cvtColor(frame, cv2.COLOR_RGB2BGR)


def _count(container: Container) -> int:
    with open_container(container.path) as opened:
        return sum(1 for _ in decode(opened))
