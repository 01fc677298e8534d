"""No detection: for videos that are cropped to the face."""

from collections.abc import Sequence

import numpy as np

from .base import DETECTORS, Face, FaceDetector, check_frames


@DETECTORS.register_module('none')
class NoDetector(FaceDetector):
    """Returns the complete frame as the face, with score 1 and no landmarks."""

    def detect(self, frames: Sequence[np.ndarray]) -> list[list[Face]]:
        check_frames(frames)
        sizes = [frame.shape[1::-1] for frame in frames]
        return [[Face(np.array([0, 0, *size], np.float32), 1.0)] for size in sizes]
