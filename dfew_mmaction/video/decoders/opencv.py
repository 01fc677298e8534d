"""Decoding by OpenCV."""

from collections.abc import Generator

import cv2
import numpy as np

from ..container import Container, open_container
from .pyav import decode


def frames(container: Container) -> Generator[tuple[float, np.ndarray], None, None]:
    """Decode all frames; OpenCV stops at the first that it cannot decode.

    It yields nothing for an interlaced file: OpenCV 5.0 cannot convert its pixels and
    returns those of another frame.
    """
    if _is_interlaced(container):
        return
    video = cv2.VideoCapture(str(container.path), cv2.CAP_FFMPEG)
    index = 0
    try:
        while video.isOpened():
            found, frame = video.read()
            if not found:
                return
            yield container.seconds(index), frame
            index += 1
    finally:
        video.release()


def _is_interlaced(container: Container) -> bool:
    with open_container(container.path) as opened:
        first = next(decode(opened), None)
        return first is not None and first.interlaced_frame
