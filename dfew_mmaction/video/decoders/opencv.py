"""Decoding by OpenCV."""

from collections.abc import Generator

import cv2
import numpy as np

from ..container import Container


def frames(container: Container) -> Generator[tuple[float, np.ndarray], None, None]:
    """Decode all frames; OpenCV stops at the first that it cannot decode."""
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
