"""Furrows and folds, finer than the mesh, which depend on action units."""

from collections.abc import Callable

import numpy as np

from .action_units import ACTION_UNITS, unit_index
from .looks import Looks
from .texture import SIZE, Canvas

#: Fold -> weights of the action units that deepen it.
DRIVERS: dict[str, dict[str, float]] = {
    'glabella': {'au4': 1.0, 'au9': 0.4},
    'forehead': {'au1': 0.6, 'au2': 0.8},
    'forehead_middle': {'au1': 0.9, 'au2': -0.5, 'au4': 0.3},
    'nose_sides': {'au9': 1.2, 'au10': 0.25},
    'nasolabial': {'au12': 0.7, 'au10': 0.8, 'au9': 0.5, 'au6': 0.3, 'au20': 0.2},
    'crows_feet': {'au6': 0.9, 'au12': 0.25, 'au7': 0.3},
    'under_eye': {'au6': 0.7, 'au7': 0.6, 'au9': 0.4},
    'mouth_corners': {'au15': 0.9, 'au24': 0.4, 'au14': 0.8, 'au17': 0.3, 'au12': 0.25},
    'chin': {'au17': 1.0, 'au24': 0.3},
    'under_lip': {'au17': 0.8, 'au24': 0.5, 'au23': 0.3, 'au15': 0.3},
}

# Depth of each fold in an old face at rest.
_AT_REST = np.array([0.2, 0.25, 0.05, 0.05, 0.45, 0.2, 0.4, 0.3, 0.1, 0.2])


def driver_matrix() -> np.ndarray:
    """Matrix from action units to folds, (len(ACTION_UNITS), len(DRIVERS))."""
    matrix = np.zeros((len(ACTION_UNITS), len(DRIVERS)))
    for column, drivers in enumerate(DRIVERS.values()):
        for name, share in drivers.items():
            matrix[unit_index(name), column] = share
    return matrix


def fold_depths(units: np.ndarray, looks: Looks) -> np.ndarray:
    """Compute the depth of each fold over time.

    Args:
        units (np.ndarray): Intensities, (T, len(ACTION_UNITS), 2).
        looks (Looks): Appearance of the person; folds of old faces are deeper, also at
            rest.

    Returns:
        np.ndarray: Shape (T, len(DRIVERS)), float32, 0 to about 1.5.
    """
    moved = np.maximum(units.mean(2) @ driver_matrix(), 0)
    depth = moved * (0.5 + 0.75 * looks.age) + looks.age**2 * _AT_REST
    depth *= looks.folds
    return np.clip(depth, 0, 1.5).astype(np.float32)


def draw_folds(canvas: Canvas, rng: np.random.Generator) -> np.ndarray:
    """Draw the folds of a person.

    Args:
        canvas (Canvas): See :func:`.canvas_of`.
        rng (np.random.Generator): Draws the positions.

    Returns:
        np.ndarray: Depth maps, (len(DRIVERS), SIZE, SIZE), float32, 0 to 1.
    """
    maps = [_DRAWN[name](canvas, canvas.marks, rng) for name in DRIVERS]
    return np.clip(np.stack(maps), 0, 1).astype(np.float32)


def _curve(points, rng, wobble=0.8, steps=9):
    """Make a smooth line through a few points."""
    points = np.asarray(points, float)
    points = points + rng.normal(0, wobble, points.shape)
    at = np.linspace(0, len(points) - 1, steps)
    return np.stack([np.interp(at, range(len(points)), p) for p in points.T], 1)


def _mirror(points):
    points = np.array(points, float)
    points[:, 0] = SIZE - 1 - points[:, 0]
    return points


def _glabella(canvas, m, rng):
    left, right = m[21], m[22]
    middle, lines = (left + right) / 2, []
    gap = (right[0] - left[0]) * rng.uniform(0.2, 0.34)
    for side in (-1, 1):
        x = middle[0] + side * gap
        top, low = left[1] - 12, left[1] + 13
        points = [(x + side * 2, top), (x, left[1]), (x - side, low)]
        lines.append(_curve(points, rng))
    if rng.random() < 0.4:
        lines.append(_curve([middle - (0, 8), middle + (0, 8)], rng))
    soft = canvas.lines(lines, 3, 2.6) * 1.1 + canvas.lines(lines, 1, 1.1) * 0.4
    cross = canvas.lines([_curve([m[27] + (-7, -6), m[27] + (7, -6)], rng)], 2, 1.5)
    return soft + 0.5 * cross


def _forehead(canvas, m, rng):
    lines, y = [], m[19][1] - 13
    for _ in range(rng.integers(2, 5)):
        y -= rng.uniform(7, 12)
        ends = [(m[17][0] + 4, y + 7), (m[19][0], y - 2), (m[27][0], y + 2)]
        lines.append(_curve([*ends, *_mirror(ends[:2])[::-1]], rng, 1.0, 17))
    return canvas.lines(lines, 2, 1.4) * 1.3


def _forehead_middle(canvas, m, rng):
    lines, y = [], m[21][1] - 9
    for _ in range(rng.integers(2, 4)):
        y -= rng.uniform(6, 10)
        x = rng.uniform(18, 30)
        ends = [(m[27][0] - x, y + 4), (m[27][0] - x / 3, y), (m[27][0] + x / 3, y)]
        lines.append(_curve([*ends, (m[27][0] + x, y + 4)], rng, 0.7))
    return canvas.lines(lines, 2, 1.4) * 1.3


def _both(canvas, points, rng, width, blur, count=1, step=(0, 0), wobble=0.7):
    lines = []
    for k in range(count):
        moved = np.asarray(points, float) + np.multiply(step, k)
        lines += [_curve(moved, rng, wobble), _curve(_mirror(moved), rng, wobble)]
    return canvas.lines(lines, width, blur)


def _nose_sides(canvas, m, rng):
    start = [m[27] + (-3, 3), m[27] + (-9, 8), m[28] + (-14, 6)]
    top = _both(canvas, start, rng, 2, 1.4, 2, (0, 6))
    wing = [m[31] + (2, -16), m[31] + (-7, -9), m[31] + (-9, 2)]
    return 1.2 * top + _both(canvas, wing, rng, 2, 1.8)


def _nasolabial(canvas, m, rng):
    out = rng.uniform(9, 15)
    points = [
        m[31] + (-5, -8),
        m[31] + (-13, 2),
        m[48] + (-out, -14),
        m[48] + (-out, 3),
    ]
    return 1.3 * _both(canvas, points, rng, 3, 2.2, wobble=1.0)


def _crows_feet(canvas, m, rng):
    corner, lines = m[36] + (-6, 0), []
    for angle in (-0.5, 0.0, 0.45):
        way = np.array([-np.cos(angle), np.sin(angle)]) * rng.uniform(11, 17)
        line = [corner + way * 0.2, corner + way * 0.6 + (0, 1), corner + way]
        lines += [_curve(line, rng, 0.5), _curve(_mirror(line), rng, 0.5)]
    return 1.2 * canvas.lines(lines, 1, 1.1)


def _under_eye(canvas, m, rng):
    low = (m[40] + m[41]) / 2 + (0, rng.uniform(8, 12))
    points = [m[39] + (3, 5), m[40] + (0, 9), low, m[36] + (2, 8)]
    return 1.2 * _both(canvas, points, rng, 2, 1.8)


def _mouth_corners(canvas, m, rng):
    points = [m[48] + (-2, -2), m[48] + (-6, 5), m[48] + (-7, 15)]
    dent = _both(canvas, [m[48] + (-4, -1), m[48] + (-3, 2)], rng, 5, 2.5)
    return _both(canvas, points, rng, 2, 1.8) + dent


def _chin(canvas, m, rng):
    centre = (m[8] + m[57]) / 2 + (0, 2)
    dots = centre + rng.normal(0, 1, (26, 2)) * (9, 6)
    return 1.2 * canvas.lines([np.array([dot, dot + 0.5]) for dot in dots], 2, 1.5)


def _under_lip(canvas, m, rng):
    y = m[57][1] + rng.uniform(5, 9)
    x = rng.uniform(14, 22)
    points = [(m[57][0] - x, y + 3), (m[57][0], y), (m[57][0] + x, y + 3)]
    return 1.3 * canvas.lines([_curve(points, rng)], 3, 2.4)


_DRAWN: dict[str, Callable] = {
    'glabella': _glabella,
    'forehead': _forehead,
    'forehead_middle': _forehead_middle,
    'nose_sides': _nose_sides,
    'nasolabial': _nasolabial,
    'crows_feet': _crows_feet,
    'under_eye': _under_eye,
    'mouth_corners': _mouth_corners,
    'chin': _chin,
    'under_lip': _under_lip,
}
