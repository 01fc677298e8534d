"""Classifies the clips of several faces and makes timelines."""

import time

import numpy as np

from ..clips.face_windows import Window
from .classifiers.base import ClipClassifier
from .results import FaceTimeline, smooth_over_time
from .segments import SegmentRule, find_segments


class Timelines:
    """Collects the windows of all faces, classifies them in batches and stores the
    results.

    Args:
        classifier (ClipClassifier): Classifies the clips.
        batch_size (int): Number of clips per batch, possibly of several faces.
    """

    def __init__(self, classifier: ClipClassifier, batch_size: int) -> None:
        self.classifier, self.batch_size = classifier, batch_size
        #: float: Seconds spent in the classifier.
        self.seconds = 0.0
        self._waiting: list[tuple[int, Window]] = []
        self._seen: dict[int, tuple[float, float, int]] = {}
        self._answers: dict[int, list[tuple[float, float, np.ndarray]]] = {}

    def seen(self, number: int, seconds: float) -> None:
        """Count a frame in which a face was found."""
        first, _, count = self._seen.get(number, (seconds, seconds, 0))
        self._seen[number] = (first, seconds, count + 1)

    def add(self, number: int, windows: list[Window]) -> None:
        """Add windows of a face; classify when a batch is full."""
        for window in windows:
            self._waiting.append((number, window))
            self.classify()  # limits the memory of long windows

    def classify(self, everything: bool = False) -> None:
        """Classify full batches, and with ``everything`` also the last one."""
        while len(self._waiting) >= (1 if everything else self.batch_size):
            batch = self._waiting[: self.batch_size]
            del self._waiting[: self.batch_size]
            clips = np.stack([window.clip for _, window in batch])
            clock = time.perf_counter()
            rows = self.classifier(clips)
            self.seconds += time.perf_counter() - clock
            for (number, window), row in zip(batch, rows):
                answers = self._answers.setdefault(number, [])
                answers.append((window.start, window.end, row))

    def faces(
        self, smooth: float = 0.0, rule: SegmentRule | None = None
    ) -> list[FaceTimeline]:
        """Make the timelines.

        Args:
            smooth (float): Seconds, see :func:`.smooth_over_time`.
            rule (SegmentRule, optional): See :func:`.find_segments`.

        Returns:
            list[FaceTimeline]: In the order of the numbers of the faces.
        """
        found = []
        for number, answers in sorted(self._answers.items()):
            starts, ends, rows = (np.array(part) for part in zip(*answers))
            smoothed = smooth_over_time(rows, (starts + ends) / 2, smooth)
            first, last, count = self._seen[number]
            face = FaceTimeline(
                number, first, last, count, starts, ends, rows, smoothed
            )
            face.segments = find_segments(smoothed, face.times, face.edges, rule=rule)
            found.append(face)
        return found
