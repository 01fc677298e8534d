"""What is known of a video after it was looked at."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from ..faces.detectors import Face


class SeenFrame(NamedTuple):
    """A frame that was looked at.

    Attributes:
        index (int): Its number, from 0.
        seconds (float): Its time.
        faces (list[tuple[int, Face]]): The faces in it with their numbers.
        total (int): Frames of the video as it states them; 0 where it does not.
    """

    index: int  # type: ignore[assignment]  # a tuple has a method of this name
    seconds: float
    faces: list[tuple[int, Face]]
    total: int


@dataclass
class FaceTimeline:
    """The emotions of one face over time.

    Attributes:
        id (int): Number of the face in its video, from 1.
        first (float): Seconds when it was first seen.
        last (float): Seconds when it was last seen.
        num_frames (int): Frames in which it was found.
        starts (np.ndarray): Seconds where each window begins, shape (k,), growing.
        ends (np.ndarray): Seconds where each ends.
        raw (np.ndarray): Probabilities, float32 of shape (k, classes).
        probabilities (np.ndarray): The same, smoothed over time where that was asked
            for.
    """

    id: int
    first: float
    last: float
    num_frames: int
    starts: np.ndarray
    ends: np.ndarray
    raw: np.ndarray
    probabilities: np.ndarray

    @property
    def times(self) -> np.ndarray:
        """Seconds of the middle of each window, shape (k,)."""
        return (self.starts + self.ends) / 2

    @property
    def overall(self) -> np.ndarray:
        """Mean of the raw probabilities over the windows, shape (classes,)."""
        return self.raw.mean(axis=0)

    def at(self, seconds: np.ndarray) -> np.ndarray:
        """Probabilities at times (n,), linear between windows, shape (n, classes)."""
        times, columns = self.times, self.probabilities.T
        return np.stack([np.interp(seconds, times, c) for c in columns], axis=-1)


@dataclass
class VideoResult:
    """The faces of a video and their emotions.

    Attributes:
        video (str): Path, address, ``'camera 0'`` or ``'array'``.
        classes (tuple[str, ...]): Names of the classes.
        fps (float): Frames a second as the video states it.
        num_frames (int): Frames that were read.
        duration (float): Seconds up to the last frame.
        faces (list[FaceTimeline]): In the order of their appearance; empty if there
            was none.
        notes (list[str]): What a user should know, a sentence each.
        seconds (dict[str, float]): Time spent, by ``read``, ``detect``, ``align`` (with
            following and cutting windows) and ``classify``.
        damage (str): For a file that is cut off or damaged, a sentence that says so;
            it is among the notes too. Empty otherwise.
    """

    video: str
    classes: tuple[str, ...]
    fps: float
    num_frames: int
    duration: float
    faces: list[FaceTimeline]
    notes: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    damage: str = ''

    def to_dict(self) -> dict[str, Any]:
        """As plain data for JSON; probabilities by face in the order of the classes."""
        return dict(
            video=self.video,
            classes=list(self.classes),
            fps=round(self.fps, 3),
            frames=self.num_frames,
            duration=round(self.duration, 3),
            notes=self.notes,
            faces=[
                dict(
                    id=face.id,
                    first=round(face.first, 3),
                    last=round(face.last, 3),
                    frames=face.num_frames,
                    emotion=self.classes[int(face.overall.argmax())],
                    overall=_rounded(face.overall),
                    times=_rounded(face.times, 3),
                    starts=_rounded(face.starts, 3),
                    ends=_rounded(face.ends, 3),
                    probabilities=_rounded(face.probabilities),
                )
                for face in self.faces
            ],
        )


def smooth_over_time(values: np.ndarray, times: np.ndarray, width: float) -> np.ndarray:
    """Average rows by Gaussian weights of the distance in time.

    Args:
        values (np.ndarray): Shape (k, classes).
        times (np.ndarray): Seconds of the rows, shape (k,), growing.
        width (float): Standard deviation in seconds; 0 changes nothing.

    Returns:
        np.ndarray: Like ``values``; rows that summed to one still do.

    Examples:
        >>> smooth_over_time(np.eye(2), np.array([0.0, 100.0]), 1.0).tolist()
        [[1.0, 0.0], [0.0, 1.0]]
    """
    if not width:
        return values
    out = np.empty_like(values)
    for row, time in enumerate(times):
        # Further away the weight is below one in 3000: long videos stay linear.
        low, high = np.searchsorted(times, [time - 4 * width, time + 4 * width])
        weights = np.exp(-0.5 * ((times[low:high] - time) / width) ** 2)
        out[row] = weights @ values[low:high] / weights.sum()
    return out


def _rounded(values: np.ndarray, digits: int = 4) -> list:
    return np.round(np.asarray(values, np.float64), digits).tolist()
