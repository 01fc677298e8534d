"""Geometry of a face from person and action units.

All functions return points in face units: the origin lies between the eyes at rest,
x points to the right of the picture, y down, half a head's width is about 1. Action
units are a mapping from a name such as ``'au12'`` to an intensity from 0 to 1, or to a
pair of intensities for the left and the right side of the picture; missing units are at
rest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .identity import Identity

Units = Mapping[str, float | Sequence[float]]

# Units that speech and blinks also move, which do not indicate an expression.
_NOT_MIMIC = ('au25', 'au26', 'au43')
_LID_AT = np.linspace(-1, 1, 11)
_LID_ARC = 1 - np.abs(_LID_AT) ** 2.2
_BROW_AT = np.linspace(0, 1, 9)
_LIP_AT = np.linspace(-1, 1, 21)
_BOW = (1 - _LIP_AT**2) * (1 - 0.3 * np.exp(-((_LIP_AT / 0.16) ** 2)))
_LOWER_BOW = 1 - np.abs(_LIP_AT) ** 2.6


def level(units: Units, name: str, side: int | None = None) -> float:
    """Intensity of an action unit.

    Args:
        units (Units): Action units.
        name (str): Name of the unit.
        side (int, optional): -1 for the left of the picture, 1 for the right.
            Defaults to None: the mean of both.

    Returns:
        float: The intensity, 0 to 1.
    """
    value: Any = units.get(name, 0.0)
    if np.ndim(value) == 0:
        return float(value)
    if side is None:
        return 0.5 * (float(value[0]) + float(value[1]))
    return float(value[0] if side < 0 else value[1])


def with_resting(person: Identity, units: Units) -> dict:
    """Combine the action units of the performance with those at rest.

    Units of the resting face decrease as an expression increases.

    Args:
        person (Identity): The person.
        units (Units): Action units of the performance.

    Returns:
        dict: Intensities from 0 to 1 by name.
    """
    acting = [level(units, name) for name in units if name not in _NOT_MIMIC]
    hold = 1 - 0.7 * max(acting, default=0.0)
    seen = dict(units)
    for name, rest in person.resting.items():
        moving = np.asarray(units.get(name, 0.0), float)
        seen[name] = (hold * rest + (1 - hold * rest) * moving).tolist()
    return seen


def jaw_drop(units: Units) -> float:
    """Downward movement of the chin."""
    return 0.30 * level(units, 'au26') - 0.03 * level(units, 'au17')


def head_outline(person: Identity, units: Units, num: int = 26) -> np.ndarray:
    """Outline of skull and jaw, shape (4 num, 2), from the left temple over the top."""
    upper = np.linspace(np.pi, 2 * np.pi, 2 * num)
    skull = np.stack(
        [person.width * np.cos(upper), person.crown * np.sin(upper)], 1
    )  # sin < 0: upwards
    lower = np.linspace(0, np.pi, 2 * num)
    power = 2 / person.jaw
    cos, sin = np.cos(lower), np.sin(lower)
    # A superellipse, with a chin that is narrower than the cheeks.
    x = person.width * np.sign(cos) * np.abs(cos) ** power
    down = np.abs(sin) ** power
    x *= 1 - 0.1 * down**3
    chin = person.chin + jaw_drop(units)
    return np.concatenate([skull, np.stack([x, chin * down], 1)])


def brow_line(person: Identity, units: Units, side: int) -> np.ndarray:
    """Middle line of a brow from its inner to its outer end, shape (9, 2)."""
    at = _BROW_AT
    au1, au2, au4 = (level(units, name, side) for name in ('au1', 'au2', 'au4'))
    au9 = level(units, 'au9', side)
    inner = person.brow_inner - 0.07 * au4 - 0.02 * au9
    outer = person.eye_x + person.eye_width + 0.1
    y = -person.brow_height + person.brow_tilt * (0.5 - at)
    y -= person.brow_arch * np.sin(np.pi * at**1.3)
    y -= 0.23 * au1 * (1 - at) ** 1.4
    y -= 0.21 * au2 * at**0.8 * (1 + 0.25 * np.sin(np.pi * at))
    # At the inner end the raiser dominates the corrugator: brows become oblique.
    y += 0.17 * au4 * (1 - 0.75 * at) * (1 - 0.65 * au1)
    y += 0.07 * au9 * (1 - 0.6 * at)
    y += 0.03 * level(units, 'au6', side) * at
    return np.stack([side * (inner + (outer - inner) * at), y], 1)


@dataclass(frozen=True)
class EyeShape:
    """Lids of one eye.

    Attributes:
        centre (np.ndarray): Middle of the eye at rest, shape (2,).
        upper (np.ndarray): Edge of the upper lid from left to right, shape (11, 2).
        lower (np.ndarray): Edge of the lower lid from left to right, shape (11, 2).
        crease (np.ndarray): Fold above the upper lid, shape (11, 2).
    """

    centre: np.ndarray
    upper: np.ndarray
    lower: np.ndarray
    crease: np.ndarray

    @property
    def opening(self) -> float:
        """Greatest distance between the lids."""
        return float((self.lower - self.upper)[:, 1].max())


def eye_shape(person: Identity, units: Units, side: int) -> EyeShape:
    """Lids of the eye on one side (-1 left, 1 right of the picture)."""
    au5, au6, au7, au9 = (
        level(units, name, side) for name in ('au5', 'au6', 'au7', 'au9')
    )
    shut = level(units, 'au43', side)
    upper = person.eye_upper * (1 + 0.75 * au5 - 0.3 * au7 - 0.12 * au6 - 0.25 * au9)
    upper -= person.eye_upper * 0.12 * level(units, 'au4', side)
    lower = person.eye_lower * (1 + 0.2 * au5 - 0.85 * au6 - 0.75 * au7 - 0.6 * au9)
    lower = max(lower, -0.25 * upper)
    upper = upper * (1 - shut) - 0.9 * lower * shut
    x = side * person.eye_x + person.eye_width * _LID_AT
    corners = -side * person.eye_tilt * _LID_AT
    crease = max(upper, 0.25 * person.eye_upper) + 0.055 - 0.02 * au5
    return EyeShape(
        centre=np.array([side * person.eye_x, 0.0]),
        upper=np.stack([x, corners - upper * _LID_ARC], 1),
        lower=np.stack([x, corners + lower * _LID_ARC], 1),
        crease=np.stack([x * 1.0, corners - 0.02 - crease * _LID_ARC**0.8], 1),
    )


@dataclass(frozen=True)
class MouthShape:
    """Lips, each line from the left to the right corner, shape (21, 2).

    Attributes:
        top (np.ndarray): Upper edge of the upper lip.
        inner_top (np.ndarray): Lower edge of the upper lip.
        inner_bottom (np.ndarray): Upper edge of the lower lip.
        bottom (np.ndarray): Lower edge of the lower lip.
    """

    top: np.ndarray
    inner_top: np.ndarray
    inner_bottom: np.ndarray
    bottom: np.ndarray

    @property
    def corners(self) -> np.ndarray:
        """Left and right corner, shape (2, 2)."""
        return self.inner_top[[0, -1]]

    @property
    def gap(self) -> float:
        """Distance of the lips in the middle."""
        middle = len(_LIP_AT) // 2
        return float(self.inner_bottom[middle, 1] - self.inner_top[middle, 1])


def mouth_shape(person: Identity, units: Units) -> MouthShape:
    """Lips of a face."""
    au10, au12, au15, au17, au20, au23, au25, au26 = (
        level(units, name)
        for name in ('au10', 'au12', 'au15', 'au17', 'au20', 'au23', 'au25', 'au26')
    )
    au9 = level(units, 'au9')
    raised = 0.09 * au10 + 0.04 * au9
    press = 1 - 0.6 * au23
    top_y = person.mouth_y - raised - 0.03 * au25 - 0.05 * au17 + 0.02 * au12
    gap = person.mouth_gap * press * (1 - 0.8 * au17)
    gap += 0.13 * au25 * (1 - 0.25 * au17) + 0.38 * au26
    low_y = top_y + gap + 0.3 * raised
    x, corner_y = np.empty_like(_LIP_AT), np.empty_like(_LIP_AT)
    for side, half in ((-1, _LIP_AT <= 0), (1, _LIP_AT > 0)):
        smile, frown = level(units, 'au12', side), level(units, 'au15', side)
        reach = 1 + 0.26 * smile + 0.34 * level(units, 'au20', side) + 0.04 * frown
        reach *= (1 - 0.16 * au23) * (1 - 0.24 * au26) * (1 - 0.06 * au17)
        x[half] = person.mouth_width * reach * _LIP_AT[half]
        corner_y[half] = (
            person.mouth_y - person.mouth_curve - 0.19 * smile + 0.16 * frown
            + 0.05 * level(units, 'au20', side) + 0.14 * au26 + 0.02 * au10
        )  # fmt: skip
    wide = np.abs(_LIP_AT)
    flat = 1.2 * au10 + 1.6 * au20 + 0.9 * au25 * (1 - au12)
    up = wide ** (2.0 + flat)
    down = wide ** (2.0 + 0.8 * flat + 0.6 * au26)
    inner_top = top_y + (corner_y - top_y) * up
    inner_bottom = np.maximum(low_y + (corner_y - low_y) * down, inner_top)
    thin = press * (1 - 0.25 * au12) * (1 - 0.3 * au20) * (1 - 0.25 * au17)
    upper = person.lip_upper * thin * (1 - 0.2 * au10)
    lower = person.lip_lower * thin * (1 - 0.15 * au26) * (1 + 0.35 * au17)
    return MouthShape(
        top=np.stack([x, inner_top - upper * _BOW], 1),
        inner_top=np.stack([x, inner_top], 1),
        inner_bottom=np.stack([x, inner_bottom], 1),
        bottom=np.stack([x, inner_bottom + lower * _LOWER_BOW], 1),
    )
