"""The main face of a clip."""

from collections.abc import Collection, Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

from .detectors.base import Face

#: Weight of continuity relative to size and position of the face.
CONTINUITY = 1.0


def main_face(
    faces: Sequence[Sequence[Face]],
    size: tuple[int, int],
    cuts: Collection[int] = (),
) -> list[Face | None]:
    """Follow the largest, most central face over the frames of a clip.

    The chosen faces maximize the sum over the frames of

        score × √(share of the frame's area) × (1 − distance from the centre / 2)
        + CONTINUITY × overlap with the face chosen in the frame before

    where the distance is 1 in a corner and the overlap is intersection over union.
    Dynamic programming finds the maximum, so that a larger face that appears for a
    moment is not chosen.

    Args:
        faces (Sequence[Sequence[Face]]): The detected faces of each frame.
        size (tuple[int, int]): Width and height of the frames in pixels.
        cuts (Collection[int]): Numbers of the first frames of shots: overlap with a
            face of the previous shot is ignored. Defaults to none.

    Returns:
        list[Face | None]: One for each frame, None where none was detected.
    """
    chosen: list[Face | None] = [None] * len(faces)
    there = [index for index, found in enumerate(faces) if found]
    if not there:
        return chosen
    shots = _shots(cuts, len(faces))
    best = [_worth(face, size) for face in faces[there[0]]]
    came_from: list[list[int]] = []
    for before, now in zip(there, there[1:]):
        sources, totals = [], []
        weight = CONTINUITY if shots[before] == shots[now] else 0.0
        for face in faces[now]:
            options = [
                value + weight * box_iou(earlier.box, face.box)
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


def count_jumps(chosen: Sequence[Face | None], cuts: Collection[int] = ()) -> int:
    """Count sudden changes of the position of the chosen face.

    Args:
        chosen (Sequence[Face | None]): One per frame, as from :func:`main_face`.
        cuts (Collection[int]): Numbers of the first frames of shots.

    Returns:
        int: Pairs of successive faces whose boxes do not overlap, in one shot.
    """
    shots = _shots(cuts, len(chosen))
    there = [(shot, face) for shot, face in zip(shots, chosen) if face is not None]
    return sum(
        before == now and box_iou(one.box, other.box) == 0
        for (before, one), (now, other) in zip(there, there[1:])
    )


def _shots(cuts: Collection[int], count: int) -> list[int]:
    """Number of the shot of each frame."""
    return np.searchsorted(sorted(cuts), np.arange(count), side='right').tolist()


def box_iou(one: np.ndarray, other: np.ndarray) -> float:
    """Intersection over union of two boxes (x1, y1, x2, y2), in [0, 1]."""
    low, high = np.maximum(one[:2], other[:2]), np.minimum(one[2:], other[2:])
    shared = float(np.prod(np.clip(high - low, 0, None)))
    areas = float(np.prod(one[2:] - one[:2]) + np.prod(other[2:] - other[:2]))
    return shared / (areas - shared) if areas > shared else 0.0


def match_boxes(
    before: Sequence[Face], after: Sequence[Face], min_overlap: float
) -> list[tuple[int, int]]:
    """Match the faces of two frames by maximal total overlap.

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
