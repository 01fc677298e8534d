"""Shot cuts: transitions between camera shots.

At a cut, the three following frames differ from the three preceding ones by far more
than the frames of each side differ from one another. Flashes and fast pans are
therefore not cuts.

A dissolve is found at its end: the frames before it are mixtures of its first and its
last frame, which show different pictures. The next shot begins with its last frame.
Fades through black are not found.
"""

from collections import deque
from collections.abc import Iterable, Iterator

import cv2
import numpy as np

#: Least mean difference of the pixels across a cut, in grey levels.
MIN_DIFFERENCE = 10.0
#: Least ratio of that difference to those within either side.
MIN_RATIO = 3.0
#: Frames compared before and after a cut.
BEFORE, AFTER = 3, 3
#: Lengths of dissolves in frames.
DISSOLVES = (6, 8, 10, 12, 15, 18, 22, 26, 31, 37, 44, 52)
#: Greatest deviation from a mixture, as a share of the difference between the first and
#: the last frame of a dissolve.
MAX_DEVIATION = 0.2
#: Greatest correlation of these two: changes of light and movements have more.
MAX_CORRELATION = 0.8
#: Width and height of the frames in the comparison.
THUMBNAIL = (32, 18)

Frames = Iterable[tuple[float, np.ndarray]]


def mark_cuts(frames: Frames) -> Iterator[tuple[float, np.ndarray, bool]]:
    """Mark the first frame of each shot.

    The output is two frames late, since a cut is recognised by the following frames.

    Args:
        frames (Iterable[tuple[float, np.ndarray]]): Seconds, and uint8 of shape (H, W,
            3), as from :func:`.open_video`.

    Yields:
        tuple[float, np.ndarray, bool]: Seconds, frame, and whether it is the first one
        after a cut; False for the first of the video.
    """
    waiting: deque[tuple[float, np.ndarray, np.ndarray]] = deque()
    before: deque[np.ndarray] = deque(maxlen=DISSOLVES[-1])
    for seconds, frame in frames:
        waiting.append((seconds, frame, _thumbnail(frame)))
        if len(waiting) == AFTER:
            yield _next(waiting, before)
    while waiting:
        yield _next(waiting, before)


def find_cuts(frames: Frames) -> list[int]:
    """Numbers of the frames, from 0, with which a new shot begins.

    Examples:
        >>> frames = np.zeros((12, 8, 8, 3), np.uint8)
        >>> frames[6:] = 90
        >>> find_cuts((i / 25, frame) for i, frame in enumerate(frames))
        [6]
    """
    return [i for i, (_, _, is_cut) in enumerate(mark_cuts(frames)) if is_cut]


def _thumbnail(frame: np.ndarray) -> np.ndarray:
    return cv2.resize(frame, THUMBNAIL, interpolation=cv2.INTER_AREA).astype(np.int16)


def _next(
    waiting: deque[tuple[float, np.ndarray, np.ndarray]], before: deque[np.ndarray]
) -> tuple[float, np.ndarray, bool]:
    past, after = list(before), [thumbnail for _, _, thumbnail in waiting]
    is_cut = _is_cut(past[-BEFORE:], after) or _ends_dissolve(past, after)
    seconds, frame, thumbnail = waiting.popleft()
    if is_cut:
        before.clear()
    before.append(thumbnail)
    return seconds, frame, is_cut


def _is_cut(before: list[np.ndarray], after: list[np.ndarray]) -> bool:
    if not before:
        return False
    across = min(_difference(one, other) for one in before for other in after)
    if across < MIN_DIFFERENCE:
        return False
    within = [
        _difference(one, other)
        for side in (before, after)
        for one, other in zip(side, side[1:])
    ]
    return across >= MIN_RATIO * max(within, default=0.0)


def _ends_dissolve(before: list[np.ndarray], after: list[np.ndarray]) -> bool:
    if len(after) < AFTER:  # whether it has ended is not known
        return False
    last = after[0]
    for length in DISSOLVES:
        if len(before) < length:
            return False
        first = before[-length]
        span = _difference(first, last)
        growth = _difference(first, after[-1]) - span
        if span < MIN_DIFFERENCE or growth > (AFTER - 1) * span / length / 2:
            continue
        shares = {round(length * part): part for part in (0.25, 0.5, 0.75)}
        deviation = max(
            _difference(before[place - length], (1 - part) * first + part * last)
            for place, part in shares.items()
        )
        if deviation < MAX_DEVIATION * span and _correlation(first, last) < (
            MAX_CORRELATION
        ):
            return True
    return False


def _correlation(one: np.ndarray, other: np.ndarray) -> float:
    one, other = one - one.mean((0, 1)), other - other.mean((0, 1))
    size = float(np.sqrt((one**2).sum() * (other**2).sum()))
    return float((one * other).sum()) / max(size, 1e-6)


def _difference(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one - other).mean())
