"""Runs of one emotion in the timeline of a face."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ..utils.checks import MAX_SECONDS


class Segment(NamedTuple):
    """A run of one emotion.

    Attributes:
        emotion (int): Index of the class.
        onset (float): Seconds at which it begins.
        offset (float): Seconds at which it ends.
        peak (float): Seconds of the window where the class is most probable.
        probability (float): Probability of the class in that window.
    """

    emotion: int
    onset: float
    offset: float
    peak: float
    probability: float


@dataclass(frozen=True)
class SegmentRule:
    """Thresholds of the start and end of an emotion (hysteresis).

    An emotion begins in the first window where it is the most probable class and its
    probability is at least ``enter``. It lasts until its probability falls below
    ``leave``, or until another emotion begins. Between segments a face has no emotion.

    Args:
        enter (float): In (0, 1]. Defaults to 0.5.
        leave (float): In [0, enter]. Defaults to 0.35.
        shortest (float): Segments shorter than this many seconds are dropped. Defaults
            to 0.5.

    Raises:
        ValueError: If an option is out of its range.
    """

    enter: float = 0.5
    leave: float = 0.35
    shortest: float = 0.5

    def __post_init__(self) -> None:
        # Written so that NaN is refused.
        if not 0 <= self.leave <= self.enter <= 1 or self.enter == 0:
            raise ValueError(
                'expected 0 <= leave <= enter <= 1 and enter above 0, got '
                f'enter={self.enter} and leave={self.leave}'
            )
        if not 0 <= self.shortest <= MAX_SECONDS:
            raise ValueError(
                f'shortest must be from 0 to {MAX_SECONDS:.0f} seconds, got '
                f'{self.shortest}'
            )


def find_segments(
    probabilities: ArrayLike,
    times: ArrayLike,
    edges: ArrayLike,
    *,
    rule: SegmentRule | None = None,
) -> list[Segment]:
    """Find the runs of one emotion in a timeline.

    Args:
        probabilities (ArrayLike): Shape (k, classes).
        times (ArrayLike): Seconds of the middle of each window, shape (k,).
        edges (ArrayLike): Window ``i`` represents the time from ``edges[i]`` to
            ``edges[i + 1]``; shape (k + 1,), increasing.
        rule (SegmentRule, optional): Defaults to ``SegmentRule()``.

    Returns:
        list[Segment]: In order of time; they do not overlap.

    Raises:
        ValueError: If the shapes do not match.

    Examples:
        >>> happy = np.array([0.2, 0.6, 0.4, 0.7, 0.3])
        >>> find_segments(
        ...     np.stack([happy, 1 - happy], axis=1) * [1, 0.5],
        ...     [0.5, 1.5, 2.5, 3.5, 4.5],
        ...     [0, 1, 2, 3, 4, 5],
        ... )
        [Segment(emotion=0, onset=1.0, offset=4.0, peak=3.5, probability=0.7)]
    """
    rule = rule or SegmentRule()
    rows = np.asarray(probabilities, np.float64)
    times, edges = np.asarray(times, np.float64), np.asarray(edges, np.float64)
    count = len(rows)
    if rows.ndim != 2 or times.shape != (count,) or edges.shape != (count + 1,):
        raise ValueError(
            'expected probabilities (k, classes), times (k,) and edges (k + 1,), got '
            f'{rows.shape}, {times.shape} and {edges.shape}'
        )
    if not count:
        return []
    state = _states(rows, rule)
    bounds = np.flatnonzero(np.diff(state)) + 1
    found = []
    for begin, end in zip(np.r_[0, bounds], np.r_[bounds, count]):
        emotion = int(state[begin])
        # One part in a million: times in seconds are sums of rounded numbers.
        if emotion < 0 or edges[end] - edges[begin] < rule.shortest * (1 - 1e-6):
            continue
        peak = begin + int(rows[begin:end, emotion].argmax())
        found.append(
            Segment(
                emotion,
                float(edges[begin]),
                float(edges[end]),
                float(times[peak]),
                float(rows[peak, emotion]),
            )
        )
    return found


def _states(rows: np.ndarray, rule: SegmentRule) -> np.ndarray:
    """Current emotion of each window, -1 for none, shape (k,)."""
    index = np.arange(len(rows))
    best = rows.argmax(axis=1)
    begins = rows[index, best] >= rule.enter
    # The last window at or before each one in which an emotion began, -1 for none.
    last = np.maximum.accumulate(np.where(begins, index, -1))
    emotion = np.where(last >= 0, best[last], -1)
    fell = (emotion >= 0) & (rows[index, emotion] < rule.leave)
    ended = np.maximum.accumulate(np.where(fell, index, -1))
    return np.where(ended > last, -1, emotion)
