"""Drawing of eyes, brows, nose, mouth and folds of the skin."""

import numpy as np

from .geometry import Units, brow_line, eye_shape, level, mouth_shape
from .identity import Identity
from .pen import Pen, curve, ellipse, mix

_SIDES = (-1, 1)
_BROW_TAPER = np.array([0.75, 0.95, 1.05, 1.05, 1.0, 0.9, 0.75, 0.55, 0.3])
_LASH_TAPER = np.array([0.5, 0.7, 0.85, 0.95, 1, 1, 1, 0.95, 0.85, 0.7, 0.5])
_FOLD_TAPER = np.array([0.25, 0.6, 0.85, 1, 1, 1, 1, 0.85, 0.6, 0.25])
_TEETH = (232, 242, 246)
_MOUTH = (34, 26, 62)
_TONGUE = (112, 104, 206)


def draw_brows(pen: Pen, person: Identity, units: Units) -> None:
    """Draw both brows."""
    taper = _BROW_TAPER * person.brow_width
    for side in _SIDES:
        pen.stroke(brow_line(person, units, side), person.brow, taper, 0.06)


def draw_eyes(
    pen: Pen, person: Identity, units: Units, gaze: tuple[float, float]
) -> None:
    """Draw both eyes with their lids; ``gaze`` is in face units, right and down."""
    other = person.style == 'other'
    lash = mix(person.brow, (20, 18, 24), 0.7)
    lid = mix(person.skin, person.shade, 0.7)
    for side in _SIDES:
        eye = eye_shape(person, units, side)
        socket = np.concatenate([eye.crease, eye.lower[::-1]])
        pen.fill(socket, lid)
        if not other:
            pen.stroke(eye.crease, mix(person.skin, person.line, 0.55), 0.018)
        if eye.opening > 0.025:
            white = np.concatenate([eye.upper, eye.lower[::-1]])
            pen.fill(white, (238, 240, 242))
            _draw_iris(pen, person, eye, gaze)
        pen.stroke(eye.upper, lash, person.lashes * 1.15 * _LASH_TAPER)
        pen.stroke(eye.lower, mix(person.skin, person.line, 0.8), 0.02)


def _draw_iris(pen, person, eye, gaze):
    radius = 0.62 * person.eye_width if person.style == 'other' else 0.112
    x, y = eye.centre + gaze - (0, 0.012)

    def inside(points):
        # Clamping to the lids column by column is faster than a mask, and equally
        # exact.
        top = np.interp(points[:, 0], eye.upper[:, 0], eye.upper[:, 1])
        low = np.interp(points[:, 0], eye.lower[:, 0], eye.lower[:, 1])
        points[:, 1] = np.clip(points[:, 1], top, low)
        return points

    pen.fill(inside(ellipse(x, y, radius, radius)), mix(person.iris, (0, 0, 0), 0.25))
    pen.fill(inside(ellipse(x, y, 0.8 * radius, 0.8 * radius, 14)), person.iris)
    pen.fill(inside(ellipse(x, y, 0.48 * radius, 0.48 * radius, 12)), (16, 14, 16))
    spark = ellipse(x - 0.035, y - 0.035, 0.026, 0.026, 8)
    if spark[:, 1].min() > np.interp(x, eye.upper[:, 0], eye.upper[:, 1]):
        pen.fill(spark, (250, 250, 250))


def draw_nose(pen: Pen, person: Identity, units: Units, light: float) -> None:
    """Draw the nose; it shortens and its wings flare with AU9."""
    au9, au10, au12 = (level(units, name) for name in ('au9', 'au10', 'au12'))
    base = person.nose_y - 0.08 * au9 - 0.02 * au10
    half = person.nose_width * (1 + 0.16 * au9 + 0.1 * au12)
    wing = base - 0.05 - 0.05 * au9
    side = 1.0 if light < 0 else -1.0
    if person.style == 'default':
        shadow = np.array(
            [
                (side * 0.05, 0.12), (side * 0.09, base - 0.22),
                (side * half * 0.95, wing), (side * half * 0.7, base + 0.03),
                (0.0, base + 0.055), (side * 0.02, base - 0.12),
            ]
        )  # fmt: skip
        pen.fill(shadow, mix(person.skin, person.shade, 0.75), 0.1)
        tip = ellipse(-side * 0.03, base - 0.1, 0.05, 0.045, 10)
        pen.fill(tip, mix(person.skin, (240, 246, 255), 0.28), 0.16)
    line = mix(person.skin, person.line, 0.85)
    under = curve([(-half * 0.55, base), (0, base + 0.1), (half * 0.55, base)])
    pen.stroke(under, line, 0.028 * _FOLD_TAPER, 0.1)
    for way in _SIDES:
        flare = curve(
            [
                (way * half * 0.8, wing - 0.08), (way * half * 1.3, wing + 0.02),
                (way * half * 0.62, base + 0.035),
            ]
        )  # fmt: skip
        pen.stroke(flare, line, 0.03 * _FOLD_TAPER, 0.06)


def draw_mouth(pen: Pen, person: Identity, units: Units) -> None:
    """Draw lips, teeth and tongue."""
    mouth = mouth_shape(person, units)
    lips = np.concatenate([mouth.top, mouth.bottom[::-1]])
    lip = person.lip
    pen.fill(lips, mix(lip, (250, 250, 255), 0.08), outlined=True)
    upper = np.concatenate([mouth.top, mouth.inner_top[::-1]])
    pen.fill(upper, mix(lip, person.line, 0.22))
    if mouth.gap > 0.012:
        _draw_inside(pen, mouth, units)
    line = mix(lip, person.line, 0.9)
    if mouth.gap < 0.05:
        pen.stroke(mouth.inner_top, line, 0.03)
    for corner, inward in ((0, 1), (-1, -1)):
        x, y = mouth.inner_top[corner]
        pen.fill(ellipse(x + 0.008 * inward, y, 0.026, 0.022, 8), line)
    if person.beard in ('moustache', 'goatee', 'full'):
        hairs = mouth.top + (0, -0.045)
        width = 0.11 * (1 - np.linspace(-1, 1, len(hairs)) ** 2) + 0.035
        pen.stroke(hairs * (1.08, 1.0), person.hair, width, 0.04)


def _draw_inside(pen, mouth, units):
    inner_top, inner_bottom = mouth.inner_top, mouth.inner_bottom
    pen.fill(np.concatenate([inner_top, inner_bottom[::-1]]), _MOUTH)
    top, bottom = inner_top[3:-3], inner_bottom[3:-3]
    au20, au26 = level(units, 'au20'), level(units, 'au26')
    if au26 > 0.25:
        height = min(0.4 * (bottom - top)[:, 1].max(), 0.14)
        tongue = bottom[3:-3] * (0.85, 1.0)
        hump = 1 - np.linspace(-1, 1, len(tongue)) ** 2
        back = tongue - np.stack([0 * hump, height * hump], 1)
        pen.fill(np.concatenate([back, tongue[::-1]]), _TONGUE)
    bared = max(level(units, 'au12'), level(units, 'au10'), 0.8 * au20)
    tall = 0.05 + 0.06 * max(bared, 0.6 * level(units, 'au25')) * (1 - 0.6 * au26)
    edge = np.minimum(top[:, 1] + tall, bottom[:, 1])
    teeth = np.stack([top[:, 0], edge], 1)
    pen.fill(np.concatenate([top, teeth[::-1]]), _TEETH)
    clench = level(units, 'au25') * (1 - level(units, 'au12')) * (1 - au26)
    if clench > 0.25:
        edge = np.maximum(bottom[:, 1] - 0.055 * clench, top[:, 1])
        teeth = np.stack([bottom[:, 0], edge], 1)
        pen.fill(np.concatenate([teeth, bottom[::-1]]), mix(_TEETH, _MOUTH, 0.12))


def draw_folds(pen: Pen, person: Identity, units: Units) -> None:
    """Draw the lines of the skin from age and action units."""
    age = 0.5 * person.age

    def fold(points, strength, width=0.028, lift=0.0):
        if strength > 0.08:
            strength = min(strength, 1.0)
            colour = mix(person.skin, person.line, 0.25 + 0.6 * strength)
            reach = width * (0.4 + 0.6 * strength)
            pen.stroke(curve(points), colour, reach * _FOLD_TAPER, lift)

    au1, au2, au4, au9 = (level(units, n) for n in ('au1', 'au2', 'au4', 'au9'))
    raised = max(0.7 * au1 + 0.3 * au2 - 0.2 * au4, 0.6 * age)
    lift = 0.1 * au1
    for row, reach in ((0.0, 0.42), (0.11, 0.36)):
        y = -person.brow_height - 0.17 - row - lift
        if -y < person.hairline - 0.08:
            dip = -0.05 - 0.04 * au2
            fold([(-reach, y), (0, y + dip), (reach, y)], raised, 0.022)
    furrow = max(au4, 0.5 * au9, 0.35 * age)
    inner = person.brow_inner - 0.1
    for side in _SIDES:
        x = side * max(inner, 0.05)
        y = -person.brow_height + 0.14 * au4
        fold([(x, y - 0.16), (0.6 * x, y), (x, y + 0.14)], furrow, 0.034)
        _side_folds(person, units, side, fold, age)
    for row in range(3):
        y = -0.05 + 0.085 * row
        fold([(-0.11, y - 0.02), (0, y + 0.03), (0.11, y - 0.02)], au9, 0.026, 0.1)
    au17 = level(units, 'au17')
    mouth = mouth_shape(person, units)
    y = mouth.bottom[len(mouth.bottom) // 2, 1] + 0.07
    fold([(-0.15, y + 0.04), (0, y - 0.035), (0.15, y + 0.04)], au17, 0.03)
    fold([(-0.06, y + 0.1), (0, y + 0.07), (0.06, y + 0.1)], au17, 0.026)


def _side_folds(person, units, side, fold, age):
    au6, au12 = level(units, 'au6', side), level(units, 'au12', side)
    au9, au10 = level(units, 'au9', side), level(units, 'au10', side)
    au15, au20 = level(units, 'au15', side), level(units, 'au20', side)
    outer = person.eye_x + person.eye_width
    for turn in (-0.05, 0.02, 0.09):
        start = (side * (outer + 0.05), 0.3 * turn)
        end = (side * (outer + 0.19), 1.3 * turn + 0.01)
        middle = (side * (outer + 0.12), 0.6 * turn + 0.012)
        fold([start, middle, end], max(au6, 0.5 * age), 0.02)
    eye = person.eye_x
    y = person.eye_lower + 0.1 - 0.05 * au6
    bag = [
        (side * (eye - 0.17), y - 0.01), (side * eye, y + 0.08 - 0.02 * au6),
        (side * (eye + 0.2), y - 0.05),
    ]  # fmt: skip
    fold(bag, max(0.8 * au6, 0.6 * au9, 0.9 * age), 0.026)
    mouth_x = person.mouth_width
    strength = max(au12, 0.9 * au10, 0.7 * au9, 0.6 * au20, 0.8 * age)
    nose = (side * (person.nose_width + 0.05), person.nose_y - 0.1 - 0.06 * au9)
    spread = 0.14 + 0.16 * au12 + 0.1 * au10 + 0.12 * au20
    bend = (side * (mouth_x + spread + 0.02), person.nose_y + 0.12 - 0.05 * au9)
    end = (side * (mouth_x + spread - 0.01), person.mouth_y + 0.06 - 0.04 * au12)
    fold([nose, bend, end], strength, 0.034)
    y = person.mouth_y - person.mouth_curve + 0.16 * au15
    x = mouth_x + 0.07
    droop = [(side * x, y), (side * (x + 0.05), y + 0.07), (side * x, y + 0.17)]
    fold(droop, max(au15, 0.4 * age), 0.028)


def draw_cheeks(pen: Pen, person: Identity, units: Units) -> None:
    """Draw cheeks, which bulge with AU6 and AU12, blush and freckles."""
    tone = mix(person.skin, (40, 50, 255), 0.45)
    for side in _SIDES:
        bulge = max(level(units, 'au6', side), 0.7 * level(units, 'au12', side))
        x, y = side * (person.eye_x + 0.1), 0.42 - 0.07 * bulge
        red = mix(person.skin, tone, 0.04 + 0.1 * person.blush + 0.1 * bulge)
        pen.fill(ellipse(x, y, 0.2 + 0.03 * bulge, 0.13 + 0.03 * bulge), red)
        if person.freckles:
            spot = mix(person.skin, person.line, 0.4)
            for dx, dy in ((-0.1, 0), (0.02, -0.05), (0.08, 0.04), (-0.02, 0.06)):
                pen.fill(ellipse(x + dx, y + dy, 0.014, 0.014, 6), spot)
