"""Positions of labels that cover neither boxes nor one another."""

from collections.abc import Sequence

import numpy as np

#: Largest share of a box that a label inside it may cover.
INSIDE = 0.2


def place_labels(
    boxes: np.ndarray,
    sizes: Sequence[Sequence[tuple[int, int]]],
    picture: tuple[int, int],
) -> list[tuple[int, int, int] | None]:
    """Find a free place for the label of each box, the largest boxes first.

    A label is placed above, below, right or left of its box, or inside it if the box is
    large. If no place is free, the next smaller form of the label is tried.

    Args:
        boxes (np.ndarray): x1, y1, x2, y2 in pixels, shape (n, 4).
        sizes (Sequence[Sequence[tuple[int, int]]]): Width and height of the possible
            forms of each label in order of preference.
        picture (tuple[int, int]): Width and height of the picture.

    Returns:
        list[tuple[int, int, int] | None]: The number of the form for each box, and x
        and y of its upper left corner; None if no form has a free place.

    Examples:
        >>> place_labels(np.array([[0, 20, 30, 50]]), [[(40, 10)]], (100, 100))
        [(0, 0, 10)]
    """
    boxes = np.asarray(boxes, np.float64).reshape(-1, 4)
    found: list[tuple[int, int, int] | None] = [None] * len(boxes)
    taken: list[np.ndarray] = []
    areas = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    for index in np.argsort(-areas, kind='stable').tolist():
        others = np.delete(boxes, index, axis=0)
        blocked = np.concatenate([others, np.reshape(taken, (-1, 4))])
        for form, (width, height) in enumerate(sizes[index]):
            place = _free_place(boxes[index], width, height, picture, blocked)
            if place is not None:
                found[index] = (form, *place)
                x, y = place
                taken.append(np.array([x, y, x + width, y + height], np.float64))
                break
    return found


def _free_place(
    box: np.ndarray,
    width: int,
    height: int,
    picture: tuple[int, int],
    blocked: np.ndarray,
) -> tuple[int, int] | None:
    if width > picture[0] or height > picture[1]:
        return None
    x1, y1, x2, y2 = (int(round(value)) for value in box.tolist())
    places = [(x1, y1 - height), (x1, y2), (x2, y1), (x1 - width, y1)]
    if width * height <= INSIDE * max(x2 - x1, 0) * max(y2 - y1, 0):
        places.append((x1, y1))
    inside = len(places) - 1 if len(places) == 5 else -1
    for number, (x, y) in enumerate(places):
        # Moved into the picture, where it may cover its own box.
        x = min(max(x, 0), picture[0] - width)
        y = min(max(y, 0), picture[1] - height)
        label = np.array([x, y, x + width, y + height])
        walls = blocked if number == inside else np.concatenate([blocked, [box]])
        low = np.maximum(walls[:, :2], label[:2])
        high = np.minimum(walls[:, 2:], label[2:])
        if not ((high - low) > 0.5).all(axis=1).any():
            return x, y
    return None
