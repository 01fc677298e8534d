"""Results of a prediction: the faces of a video and their emotions over time."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..faces.detectors import Face
from .segments import Segment, SegmentRule

if TYPE_CHECKING:
    import pandas as pd


class SeenFrame(NamedTuple):
    """A frame that was processed.

    Attributes:
        index (int): Its number, from 0.
        seconds (float): Its time.
        faces (list[tuple[int, Face]]): The faces in it with their numbers.
        total (int): Number of frames according to the video; 0 if unknown.
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
        first (float): Seconds at which it was first seen.
        last (float): Seconds at which it was last seen.
        num_frames (int): Number of frames in which it was found.
        starts (np.ndarray): Seconds at which each window begins, shape (k,),
            increasing.
        ends (np.ndarray): Seconds at which each window ends, shape (k,).
        raw (np.ndarray): Probabilities, float32 of shape (k, classes).
        probabilities (np.ndarray): The same after smoothing; equal to ``raw`` without.
        segments (list[Segment]): Runs of one emotion, found in ``probabilities`` by
            :func:`.find_segments`.
    """

    id: int
    first: float
    last: float
    num_frames: int
    starts: np.ndarray
    ends: np.ndarray
    raw: np.ndarray
    probabilities: np.ndarray
    segments: list[Segment] = field(default_factory=list)

    @property
    def times(self) -> np.ndarray:
        """Seconds of the middle of each window, shape (k,)."""
        return (self.starts + self.ends) / 2

    @property
    def edges(self) -> np.ndarray:
        """Bounds of the time that each window represents, seconds, shape (k + 1,).

        Windows overlap. Each one represents the time that is nearest to its middle: the
        bounds are halfway between the middles, and the first and last one are the first
        and last frame of the face.
        """
        times = self.times
        between = (times[1:] + times[:-1]) / 2
        return np.concatenate([[self.first], between, [self.last]])

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
        fps (float): Frames per second that the video states.
        num_frames (int): Number of frames that were read.
        duration (float): Seconds up to the last frame.
        faces (list[FaceTimeline]): In order of appearance; empty if there was none.
        notes (list[str]): Notes for the user, one sentence each.
        seconds (dict[str, float]): Processing time by ``read``, ``detect``, ``align``
            (with tracking and cutting windows) and ``classify``.
        rule (SegmentRule): How the segments were found.
        damage (str): For a truncated or damaged file, a sentence that describes it,
            which is also in ``notes``. Empty otherwise.
        cuts (list[float]): Seconds at which a new shot begins.
    """

    video: str
    classes: tuple[str, ...]
    fps: float
    num_frames: int
    duration: float
    faces: list[FaceTimeline]
    notes: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    rule: SegmentRule = field(default_factory=SegmentRule)
    damage: str = ''
    cuts: list[float] = field(default_factory=list)

    def longest(self, count: int) -> list[FaceTimeline]:
        """Faces with the most frames, in order of appearance."""
        order = sorted(self.faces, key=lambda face: -face.num_frames)[:count]
        return [face for face in self.faces if any(face is kept for kept in order)]

    def to_dict(self) -> dict[str, Any]:
        """Convert to plain data for JSON, with probabilities in the order of the
        classes.
        """
        return dict(
            video=self.video,
            classes=list(self.classes),
            fps=round(self.fps, 3),
            frames=self.num_frames,
            duration=round(self.duration, 3),
            notes=self.notes,
            cuts=[round(seconds, 3) for seconds in self.cuts],
            segment_rule=dict(
                enter=self.rule.enter,
                leave=self.rule.leave,
                shortest=self.rule.shortest,
            ),
            faces=[self._face(face) for face in self.faces],
        )

    def to_dataframe(self) -> 'pd.DataFrame':
        """Convert to a long-form table: one row per face and window.

        Returns:
            pandas.DataFrame: With the columns ``video``, ``face``, ``start``, ``end``,
            ``time``, ``emotion``, and ``p_<class>`` and ``raw_<class>`` for each class
            (after and before smoothing), described in docs/predict.md. Without faces it
            has no rows and the same columns.
        """
        import pandas as pd

        columns: dict[str, list] = {
            name: [] for name in ('video', 'face', 'start', 'end', 'time', 'emotion')
        }
        for face in self.faces:
            best = face.probabilities.argmax(axis=1)
            columns['video'] += [self.video] * len(best)
            columns['face'] += [face.id] * len(best)
            columns['start'] += face.starts.tolist()
            columns['end'] += face.ends.tolist()
            columns['time'] += face.times.tolist()
            columns['emotion'] += [self.classes[index] for index in best]
        table = pd.DataFrame(columns)
        empty = np.zeros((0, len(self.classes)), np.float32)
        for prefix, name in (('p', 'probabilities'), ('raw', 'raw')):
            rows = np.concatenate([empty, *(getattr(f, name) for f in self.faces)])
            for index, emotion in enumerate(self.classes):
                table[f'{prefix}_{emotion}'] = rows[:, index]
        return table.astype(dict(face='int64', start='float64', end='float64'))

    def _face(self, face: FaceTimeline) -> dict[str, Any]:
        return dict(
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
            segments=[
                dict(
                    emotion=self.classes[segment.emotion],
                    onset=round(segment.onset, 3),
                    offset=round(segment.offset, 3),
                    peak=round(segment.peak, 3),
                    probability=round(segment.probability, 4),
                )
                for segment in face.segments
            ],
        )


def smooth_over_time(values: np.ndarray, times: np.ndarray, width: float) -> np.ndarray:
    """Smooth rows by Gaussian weights of their distance in time.

    Args:
        values (np.ndarray): Shape (k, classes).
        times (np.ndarray): Seconds of the rows, shape (k,), increasing.
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
        # Beyond this the weight is below one in 3000: long videos stay linear.
        low, high = np.searchsorted(times, [time - 4 * width, time + 4 * width])
        weights = np.exp(-0.5 * ((times[low:high] - time) / width) ** 2)
        out[row] = weights @ values[low:high] / weights.sum()
    return out


def _rounded(values: np.ndarray, digits: int = 4) -> list:
    return np.round(np.asarray(values, np.float64), digits).tolist()
