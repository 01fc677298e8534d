"""Decoding by decord."""

from collections.abc import Generator
from typing import Any

import cv2
import numpy as np

from ...utils import DecodeError
from ..container import Container, open_container
from . import pyav
from .only_pyav import file_problem

Frames = Generator[tuple[float, np.ndarray], None, None]


def open_decord(container: Container, num_threads: int = 1) -> tuple[Any, str]:
    """Open a file by decord.

    Returns:
        tuple: A ``decord.VideoReader`` and an empty string, or None and why decord
        cannot be used for the file.
    """
    if container.format in ('mpeg', 'mpegts'):
        # Seeking is not exact there: decord gives frames twice and leaves others out.
        return None, f'its frames in {container.format} are not reliable'
    if not len(container.pts):  # it gives other frames
        return None, 'some of its frames have no time stamp'
    if problem := file_problem(container):
        return None, problem
    import decord

    try:
        return decord.VideoReader(str(container.path), num_threads=num_threads), ''
    except Exception as error:  # RuntimeError or decord's own, by its release
        return None, str(error).strip().split('\n')[0]


def frames(container: Container) -> Frames:
    """Decode all frames; those that cannot be decoded are left out.

    decord's thread decodes ahead and reports a damaged frame at any frame before it, or
    not at all. From where it is noticed, PyAV decodes a damaged file.
    """
    reader, problem = open_decord(container)
    if problem:
        return
    before, repeats, last = None, False, -np.inf
    # It counts what an edit list hides too, and repeats the last frame as often.
    for index in range(min(len(reader), container.num_frames)):
        try:
            frame = reader[index].asnumpy()
        except Exception as error:  # as above
            if _is_damaged(container):
                yield from _later(container, last)
            elif index:
                raise DecodeError(
                    f"'{container.path}': decord stops at frame {index} of an intact "
                    'file. Use the decoder auto with PyAV installed'
                ) from error
            return
        # In place of a frame that it cannot decode, decord gives its neighbour.
        if not repeats and before is not None and np.array_equal(frame, before):
            repeats = True
            if _is_damaged(container):
                yield from _later(container, last)
                return
        before, last = frame, container.seconds(index)
        yield last, cv2.cvtColor(frame, cv2.COLOR_RGB2BGR)


def _is_damaged(container: Container) -> bool:
    with open_container(container.path) as opened:
        return sum(1 for _ in pyav.decode(opened)) < container.num_frames


def _later(container: Container, last: float) -> Frames:
    """The frames after a time, by PyAV."""
    for seconds, frame in pyav.frames(container):
        if seconds > last + 1e-6:
            yield seconds, frame
