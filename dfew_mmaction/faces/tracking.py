"""Which of several faces a clip is about."""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

from .detectors.base import Face

#: How much staying with the same face weighs against its size and place.
CONTINUITY = 1.0


def main_face(
    faces: Sequence[Sequence[Face]], size: tuple[int, int]
) -> list[Face | None]:
    """Follow the largest, most central face that goes on over time.

    The faces chosen make the sum over the frames of

        score × √(share of the frame's area) × (1 − distance from the middle / 2)
        + CONTINUITY × overlap with the face chosen before

    greatest, where the distance is 1 in a corner and overlap is intersection over
    union. It is found exactly, by dynamic programming, so a larger face that shows up
    for a moment does not take over.

    Args:
        faces (Sequence[Sequence[Face]]): Those detected, frame by frame.
        size (tuple[int, int]): Width and height of the frames in pixels.

    Returns:
        list[Face | None]: One a frame, None where none was detected.
    """
    chosen: list[Face | None] = [None] * len(faces)
    there = [index for index, found in enumerate(faces) if found]
    if not there:
        return chosen
    best = [_worth(face, size) for face in faces[there[0]]]
    came_from: list[list[int]] = []
    for before, now in zip(there, there[1:]):
        sources, totals = [], []
        for face in faces[now]:
            options = [
                value + CONTINUITY * box_iou(earlier.box, face.box)
                for value, earlier in zip(best, faces[before])
            ]
            source = int(np.argmax(options))
            sources.append(source)
            totals.append(options[source] + _worth(face, size))
        came_from.append(sources)
        best = totals
    place = int(np.argmax(best))
    for step in range(len(there) - 1, -1, -1):
        chosen[there[step]] = faces[there[step]][place]
        if step:
            place = came_from[step - 1][place]
    return chosen


def box_iou(one: np.ndarray, other: np.ndarray) -> float:
    """Intersection over union of two boxes (x1, y1, x2, y2), in [0, 1]."""
    low, high = np.maximum(one[:2], other[:2]), np.minimum(one[2:], other[2:])
    shared = float(np.prod(np.clip(high - low, 0, None)))
    areas = float(np.prod(one[2:] - one[:2]) + np.prod(other[2:] - other[:2]))
    return shared / (areas - shared) if areas > shared else 0.0


def match_boxes(
    before: Sequence[Face], after: Sequence[Face], min_overlap: float
) -> list[tuple[int, int]]:
    """Pair the faces of two frames so that the overlaps add up to the most.

    Args:
        before (Sequence[Face]): Faces of one frame.
        after (Sequence[Face]): Faces of another frame.
        min_overlap (float): Pairs that overlap less are left out: intersection over
            union, in [0, 1].

    Returns:
        list[tuple[int, int]]: Indices into both, by the Hungarian method.
    """
    shared = np.array(
        [[box_iou(one.box, other.box) for other in after] for one in before]
    ).reshape(len(before), len(after))
    rows, columns = linear_sum_assignment(shared, maximize=True)
    return [
        (row, column)
        for row, column in zip(rows.tolist(), columns.tolist())
        if shared[row, column] >= min_overlap
    ]


def _worth(face: Face, size: tuple[int, int]) -> float:
    frame = np.asarray(size, np.float64)
    box = np.asarray(face.box, np.float64)
    share = np.prod(np.clip(box[2:] - box[:2], 0, frame)) / np.prod(frame)
    away = np.linalg.norm((box[:2] + box[2:]) / 2 - frame / 2)
    distance = min(away / np.linalg.norm(frame / 2), 1.0)
    return float(face.score * np.sqrt(share) * (1 - distance / 2))
