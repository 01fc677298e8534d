"""Windows of the tracked faces of a video."""

from collections.abc import Sequence

import cv2
import numpy as np

from ..clips.face_windows import FaceWindows, Window
from ..faces import align_face
from ..faces.detectors import Face
from ..faces.face_tracker import FaceTracker
from .classifiers.base import FACE_SIZE, ClipClassifier


class FaceFollower:
    """Tracks and aligns the faces of one video and cuts their windows.

    Args:
        classifier (ClipClassifier): Defines number and sampling of the frames.
        window (float, optional): See :class:`.FaceWindows`, also for ``stride``.
        stride (float): Seconds.
        margin (float): See :func:`dfew_mmaction.faces.align_face`.
        template (np.ndarray, optional): Template of the alignment, see there.
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
            seconds (float): Its time, later than that of the previous frame.
            frame (np.ndarray): uint8 of shape (H, W, 3) in BGR.
            faces (Sequence[Face]): Faces that were detected in it.

        Returns:
            tuple: The faces with their numbers, sorted by number, and lists of the
            windows that are now complete, by number. Faces that cannot be aligned have
            no such list.
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
        """Last windows of the faces that have left the picture, by number."""
        gone = self._tracker.ended(seconds)
        return {
            number: self._windows.pop(number).finish()
            for number in gone
            if number in self._windows
        }

    def cut(self) -> dict[int, list[Window]]:
        """End all tracks at a shot cut; returns their last windows by number."""
        self._tracker.cut()
        return self.finish()

    def finish(self) -> dict[int, list[Window]]:
        """Last windows of all current tracks, by number."""
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
