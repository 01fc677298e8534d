"""Detection on every k-th frame, with tracking in between."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from .detectors import Face, FaceDetector
from .detectors.base import check_frames
from .tracking import match_boxes


class SparseDetector(FaceDetector):
    """Searches every k-th frame only, to save most of the time of detection.

    ::

        frame      0   1   2   3   4   5   6   7   8
        k = 4      S   ·   ·   ·   S   ·   ·   ·   S      S searched, · followed

    Where two neighbouring searches found the same faces (their boxes match one to one),
    the faces in between are placed by linear interpolation and corrected by the
    :meth:`~.FaceDetector.follow` of the detector, for MTCNN by its last network.
    Otherwise the frame in the middle is searched, and so on recursively: a face that
    appears or disappears, or that ``follow`` loses, is found in the same frame as by a
    search of every frame. A face that is visible for fewer than k frames can be missed.

    Args:
        detector (FaceDetector): Searches frames.
        every (int): k; 1 searches all frames, which some detectors require.
        min_overlap (float): Least intersection over union of two boxes of the same face
            in neighbouring searches, in [0, 1]. Defaults to 0.3.

    Attributes:
        searched (int): Frames that were searched.

    Raises:
        ValueError: If ``every`` is less than 1.
    """

    def __init__(
        self, detector: FaceDetector, every: int, min_overlap: float = 0.3
    ) -> None:
        if every < 1:
            raise ValueError(f'every must be 1 or more, got {every}')
        self.every = 1 if detector.needs_all_frames else every
        self.detector, self.min_overlap = detector, min_overlap
        self.searched = 0
        self._last: list[Face] | None = None

    def open(self, video: str | Path) -> None:
        """Start a video; see :meth:`.FaceDetector.open`."""
        self._last = None
        self.detector.open(video)

    def cut(self) -> None:
        """Forget the last frame, since the next one shows another scene."""
        self._last = None

    def detect(self, frames: Sequence[np.ndarray]) -> list[list[Face]]:
        """Find the faces of the next frames; the last of them is always searched.

        Pieces of a multiple of ``every`` frames are the fastest.
        """
        check_frames(frames)
        if not len(frames):
            return []
        found: dict[int, list[Face]] = {}
        # The frame before the first one of this piece, if there was one.
        if self._last is not None:
            found[-1] = self._last
        begin = 0 if self._last is None else self.every - 1
        keys = sorted({*range(begin, len(frames), self.every), len(frames) - 1})
        self._search(frames, keys, found)
        places = sorted(found)
        for low, high in zip(places, places[1:]):
            self._between(frames, low, high, found)
        self._last = found[len(frames) - 1]
        return [found[index] for index in range(len(frames))]

    def _search(
        self,
        frames: Sequence[np.ndarray],
        places: list[int],
        found: dict[int, list[Face]],
    ) -> None:
        self.searched += len(places)
        answers = self.detector.detect([frames[place] for place in places])
        found.update(zip(places, answers))

    def _between(
        self,
        frames: Sequence[np.ndarray],
        low: int,
        high: int,
        found: dict[int, list[Face]],
    ) -> None:
        """Fill the frames between two that were searched."""
        if high - low < 2:
            return
        before, after = found[low], found[high]
        pairs = match_boxes(before, after, self.min_overlap)
        if len(before) == len(after) == len(pairs):
            places = list(range(low + 1, high))
            if not pairs:
                found.update((place, []) for place in places)
                return
            guesses = [
                [
                    _blend(before[i], after[j], (place - low) / (high - low))
                    for i, j in pairs
                ]
                for place in places
            ]
            seen = self.detector.follow([frames[place] for place in places], guesses)
            found.update((p, f) for p, f in zip(places, seen) if f is not None)
            lost = [p for p, faces in zip(places, seen) if faces is None]
            if lost:
                self._search(frames, lost, found)
            return
        middle = (low + high) // 2
        self._search(frames, [middle], found)
        self._between(frames, low, middle, found)
        self._between(frames, middle, high, found)


def _blend(one: Face, other: Face, share: float) -> Face:
    landmarks = None
    if one.landmarks is not None and other.landmarks is not None:
        landmarks = (1 - share) * one.landmarks + share * other.landmarks
    return Face(
        ((1 - share) * one.box + share * other.box).astype(np.float32),
        float((1 - share) * one.score + share * other.score),
        None if landmarks is None else landmarks.astype(np.float32),
    )
