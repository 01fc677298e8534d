"""Clips of several faces on their way to timelines."""

import time

import numpy as np

from ..clips.face_windows import Window
from .classifiers.base import ClipClassifier
from .results import FaceTimeline, smooth_over_time


class Timelines:
    """Collects the windows of all faces, classifies them in batches, keeps the answers.

    Args:
        classifier (ClipClassifier): Names the emotions.
        batch_size (int): Clips at once; those of several faces go together.
    """

    def __init__(self, classifier: ClipClassifier, batch_size: int) -> None:
        self.classifier, self.batch_size = classifier, batch_size
        #: float: Seconds that the classifier took.
        self.seconds = 0.0
        self._waiting: list[tuple[int, Window]] = []
        self._seen: dict[int, tuple[float, float, int]] = {}
        self._answers: dict[int, list[tuple[float, float, np.ndarray]]] = {}

    def seen(self, number: int, seconds: float) -> None:
        """A face was found at a time."""
        first, _, count = self._seen.get(number, (seconds, seconds, 0))
        self._seen[number] = (first, seconds, count + 1)

    def add(self, number: int, windows: list[Window]) -> None:
        """Take windows of a face."""
        for window in windows:
            self._waiting.append((number, window))
            self.classify()  # a window of many frames is not to wait with many others

    def classify(self, everything: bool = False) -> None:
        """Classify what fills batches; ``everything``: the rest too."""
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

    def faces(self, smooth: float = 0.0) -> list[FaceTimeline]:
        """The timelines; ``smooth`` in seconds, see :func:`smooth_over_time`."""
        found = []
        for number, answers in sorted(self._answers.items()):
            starts, ends, rows = (np.array(part) for part in zip(*answers))
            times = (starts + ends) / 2
            smoothed = smooth_over_time(rows, times, smooth)
            first, last, count = self._seen[number]
            found.append(
                FaceTimeline(number, first, last, count, starts, ends, rows, smoothed)
            )
        return found
