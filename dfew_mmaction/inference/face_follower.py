"""From the faces of frames to the clips that a classifier receives."""

from collections.abc import Sequence

import cv2
import numpy as np

from ..clips.face_windows import FaceWindows, Window
from ..faces import align_face
from ..faces.detectors import Face
from ..faces.face_tracker import FaceTracker
from .classifiers.base import FACE_SIZE, ClipClassifier


class FaceFollower:
    """Numbers the faces of one video, aligns them and cuts the windows of each.

    Args:
        classifier (ClipClassifier): Tells how many frames a clip has and how they are
            sampled.
        window (float, optional): See :class:`.FaceWindows`, also for ``stride``.
        stride (float): Seconds.
        margin (float): See :func:`dfew_mmaction.faces.align_face`.
        template (np.ndarray, optional): Where the landmarks go, likewise.
    """

    def __init__(
        self,
        classifier: ClipClassifier,
        *,
        window: float | None,
        stride: float,
        margin: float,
        template: np.ndarray | None,
    ) -> None:
        self._cut = (window, stride, classifier.num_frames)
        self._sampling = classifier.sampling
        self._margin, self._template = margin, template
        self._tracker = FaceTracker()
        self._windows: dict[int, FaceWindows] = {}

    def update(
        self, seconds: float, frame: np.ndarray, faces: Sequence[Face]
    ) -> tuple[list[tuple[int, Face]], dict[int, list[Window]]]:
        """Process the next frame.

        Args:
            seconds (float): Its time, later than that of the frame before.
            frame (np.ndarray): uint8 of shape (H, W, 3) in BGR.
            faces (Sequence[Face]): Those that were detected in it.

        Returns:
            tuple: The faces with their numbers, in order of the numbers; and by number
            the windows that are complete now, an empty list where a face has none.
            Faces that cannot be aligned are not among the latter.
        """
        numbered = self._tracker.update(faces, seconds)
        ready: dict[int, list[Window]] = {}
        for number, face in numbered:
            aligned = self._align(frame, face)
            if aligned is not None:
                if number not in self._windows:
                    self._windows[number] = FaceWindows(
                        *self._cut, sampling=self._sampling
                    )
                ready[number] = self._windows[number].add(seconds, aligned)
        return numbered, ready

    def ended(self, seconds: float) -> dict[int, list[Window]]:
        """Last windows of the faces that have left the picture by now, by number."""
        gone = self._tracker.ended(seconds)
        return {
            number: self._windows.pop(number).finish()
            for number in gone
            if number in self._windows
        }

    def cut(self) -> dict[int, list[Window]]:
        """End all faces, since another shot begins; their last windows by number."""
        self._tracker.cut()
        return self.finish()

    def finish(self) -> dict[int, list[Window]]:
        """Last windows of all faces that are still followed, by number."""
        rest = {number: cut.finish() for number, cut in self._windows.items()}
        self._windows.clear()
        return rest

    def _align(self, frame: np.ndarray, face: Face) -> np.ndarray | None:
        try:
            aligned = align_face(
                frame, face, FACE_SIZE, margin=self._margin, template=self._template
            )
        except ValueError:  # landmarks that coincide
            return None
        return cv2.cvtColor(aligned, cv2.COLOR_BGR2RGB, dst=aligned)
