"""YuNet by OpenCV, with a model file that the user downloads.

Source: Wu, Peng and Yu, "YuNet: a tiny millisecond-level face detector" (Machine
Intelligence Research, 2023); OpenCV's class ``FaceDetectorYN``.
"""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import ArrayLike

from .base import (
    DETECTORS,
    Face,
    FaceDetector,
    check_frames,
    check_thresholds,
    ordered_landmarks,
    shrink,
)

_SOURCE = (
    'The file `face_detection_yunet_2023mar.onnx` is in the folder '
    '`models/face_detection_yunet` of the repository opencv/opencv_zoo. Git LFS keeps '
    'it: a file of a few hundred bytes is only its pointer.'
)


@DETECTORS.register_module('yunet')
class YuNet(FaceDetector):
    """Detects faces and landmarks by OpenCV's ``FaceDetectorYN``.

    Args:
        model (str | Path): Path of the ONNX file.
        score_threshold (float): Least score, in [0, 1]. Defaults to 0.7.
        nms_threshold (float): Overlap in [0, 1] above which the worse of two boxes is
            dropped. Defaults to 0.3.
        top_k (int): Boxes kept before that. Defaults to 5000.
        max_side (int, optional): Longer frames are shrunk to this many pixels for the
            search, since the network finds faces of about 10 to 300 pixels; None for
            no limit. Defaults to 640.

    Raises:
        FileNotFoundError: If the file is missing.
        ValueError: If OpenCV cannot read it, or a threshold is out of range.
    """

    def __init__(
        self,
        model: str | Path,
        score_threshold: float = 0.7,
        nms_threshold: float = 0.3,
        *,
        top_k: int = 5000,
        max_side: int | None = 640,
    ) -> None:
        if not Path(model).is_file():
            raise FileNotFoundError(f"YuNet's model {model} is missing. {_SOURCE}")
        check_thresholds(score_threshold, nms_threshold)
        size = (320, 320)  # each frame sets its own
        try:
            self._detector = cv2.FaceDetectorYN.create(
                str(model), '', size, score_threshold, nms_threshold, top_k
            )
        except cv2.error as error:
            raise ValueError(
                f'OpenCV cannot read {model} as YuNet. {_SOURCE}'
            ) from error
        self.max_side = max_side

    def detect(self, frames: Sequence[np.ndarray]) -> list[list[Face]]:
        check_frames(frames)
        found = []
        for frame in frames:
            small, back = shrink(frame, self.max_side)
            self._detector.setInputSize(small.shape[1::-1])
            _, rows = self._detector.detect(small)
            found.append(faces_of_rows(rows, back))
        return found


def faces_of_rows(rows: np.ndarray | None, back: ArrayLike = (1, 1)) -> list[Face]:
    """Convert the result of ``FaceDetectorYN.detect`` for one image.

    Args:
        rows (np.ndarray, optional): Of shape (K, 15): left, top, width and height of
            the box, x and y of five points, score; None for no face.
        back (Sequence[float]): Factors of x and y. Defaults to (1, 1).

    Returns:
        list[Face]: The faces, best score first.

    Raises:
        ValueError: If the rows have another length.

    Examples:
        >>> row = [10, 20, 30, 40, 18, 30, 32, 30, 25, 40, 19, 50, 31, 50, 0.9]
        >>> faces_of_rows(np.array([row], np.float32), back=(2, 2))[0].box.tolist()
        [20.0, 40.0, 80.0, 120.0]
    """
    if rows is None:
        return []
    rows = np.asarray(rows, np.float32)
    if rows.ndim != 2 or rows.shape[1] != 15:
        raise ValueError(f'expected rows of 15 numbers, got the shape {rows.shape}')
    points = rows[:, :14].reshape(-1, 7, 2) * np.array(back, np.float32)
    scores = rows[:, 14].clip(0, 1)
    return [
        Face(
            np.concatenate([points[i, 0], points[i, 0] + points[i, 1]]),
            float(scores[i]),
            ordered_landmarks(points[i, 2:]),
        )
        for i in np.argsort(-scores, kind='stable')
    ]
