"""Drawing of hair, headgear and beards."""

import numpy as np

from .identity import Identity
from .pen import Pen, curve, ellipse, mix

# Hair style -> distance from the skull.
_VOLUME = {
    'buzz': 0.05, 'short': 0.13, 'parted': 0.17, 'curly': 0.22, 'bangs': 0.15,
    'bob': 0.17, 'long': 0.16, 'bun': 0.1, 'receding': 0.08, 'afro': 0.5,
    'headscarf': 0.16, 'cap': 0.12,
}  # fmt: skip
# Hair style -> length behind the face.
_LENGTH = {'bob': 1.15, 'long': 2.2, 'headscarf': 1.75}


def cloth_colour(person: Identity) -> tuple[float, ...]:
    """Colour of headscarf and cap, which depends on the person only."""
    seed = int(sum(person.hair) + 1000 * person.chin)
    palette = [(140, 70, 60), (60, 60, 150), (90, 120, 70), (170, 160, 190)]
    return palette[seed % len(palette)]


def draw_back_hair(pen: Pen, person: Identity) -> None:
    """Draw hair and headgear behind the head."""
    style = person.hair_style
    colour = mix(person.hair, (10, 10, 14), 0.25)
    if style == 'afro':
        angle = np.linspace(0, 2 * np.pi, 60)
        radius = 1.42 + 0.04 * np.sin(15 * angle)
        ball = np.stack([radius * np.cos(angle), radius * np.sin(angle) - 0.35], 1)
        pen.fill(ball * person.width, colour, None, True)
    elif style == 'bun':
        pen.fill(ellipse(0, -person.crown - 0.2, 0.42, 0.36), colour, None, True)
    elif style in _LENGTH:
        if style == 'headscarf':
            colour = mix(cloth_colour(person), (10, 10, 14), 0.2)
        low, half = _LENGTH[style], person.width + _VOLUME[style]
        right = curve(
            [(half - 0.1, -0.5), (half + 0.12, 0.2 * low), (half, low), (0.3, low)], 10
        )
        sheet = np.concatenate([right, (right * (-1, 1))[::-1]])
        pen.fill(sheet, colour, None, True)


def _arc(person, volume, bumps=0.0):
    angle = np.linspace(np.pi * 0.97, np.pi * 2.03, 40)
    ripple = 1 + bumps * np.abs(np.sin(9 * angle))
    x = (person.width + 0.55 * volume) * ripple * np.cos(angle)
    y = (person.crown + volume) * ripple * np.sin(angle)
    return np.stack([x, y], 1)


def draw_front_hair(pen: Pen, person: Identity) -> None:
    """Draw hair and headgear in front of the forehead."""
    style, side = person.hair_style, person.hair_side
    if style == 'bald':
        shine = ellipse(-0.3 * side, -0.95, 0.2, 0.1, 14)
        pen.fill(shine, mix(person.skin, (245, 250, 255), 0.25))
        return
    wide = person.width
    at = np.linspace(1, -1, 17)
    edge = np.stack([at * wide * 0.97, _hairline(person, at)], 1)
    # The hairline rotates with the face, the silhouette does not.
    edge = pen.pose.surface(edge)
    edge[[0, -1], 0] = (wide * 1.01, -wide * 1.01)
    if style == 'cap':
        _draw_cap(pen, person)
        return
    colour = cloth_colour(person) if style == 'headscarf' else person.hair
    arc = _arc(person, _VOLUME[style], 0.06 if style in ('curly', 'afro') else 0.0)
    if style == 'buzz':
        colour = mix(colour, person.skin, 0.25)
    pen.fill(np.concatenate([arc, edge]), colour, None, True)
    if style == 'headscarf':
        _draw_scarf(pen, person, colour)
    elif style not in ('buzz', 'afro') and person.style == 'default':
        gleam = _arc(person, 0.25 * _VOLUME[style])[8:18] * (0.9, 0.92)
        pen.stroke(gleam, mix(colour, (235, 240, 245), 0.16), 0.07, None)
    if style in ('long', 'bob'):
        _draw_locks(pen, wide, _LENGTH[style], colour)


def _hairline(person: Identity, at: np.ndarray) -> np.ndarray:
    """Height of the hairline from one side of the forehead (1) to the other (-1)."""
    style, side, top = person.hair_style, person.hair_side, person.hairline
    if style == 'bangs':
        return -0.66 + 0.07 * np.abs(np.sin(5 * at + side)) + 0.3 * np.abs(at) ** 6
    if style == 'parted':
        high = -top + 0.22 * np.exp(-((at + 0.35 * side) ** 2) / 0.35)
        high += 0.75 * np.abs(at) ** 5
        return high - 0.1 * np.exp(-((at - 0.4 * side) ** 2) / 0.02)
    if style == 'receding':
        return -top - 0.12 * np.sin(np.pi * np.abs(at)) + 0.75 * np.abs(at) ** 7
    if style in ('long', 'bob', 'bun'):
        return -top + 0.02 + 0.85 * np.abs(at - 0.12 * side) ** 2.6
    if style == 'headscarf':
        return -0.72 + 0.9 * np.abs(at) ** 3.5
    return -top + 0.75 * np.abs(at) ** 5


def _draw_locks(pen, wide, low, colour):
    for way in (-1, 1):
        lock = curve(
            [
                (way * wide * 0.93, -0.55), (way * (wide + 0.06), 0.2),
                (way * (wide + 0.02), 0.55 * low), (way * (wide + 0.02), low),
            ],
            12,
        )  # fmt: skip
        pen.stroke(lock, colour, np.linspace(0.12, 0.26, 12), None)


def _draw_scarf(pen, person, colour):
    wide, chin = person.width, person.chin
    fold = mix(colour, (10, 10, 14), 0.2)
    for way in (-1, 1):
        side = np.array(
            [
                (way * wide * 0.98, -0.3), (way * wide * 0.93, 0.4),
                (way * 0.72, 0.78 * chin), (way * 0.3, chin + 0.12),
                (way * 0.3, chin + 0.45), (way * (wide + 0.1), 0.9),
                (way * (wide + 0.12), -0.3),
            ]
        )  # fmt: skip
        pen.fill(side, colour if way < 0 else fold, None)


def _draw_cap(pen, person):
    colour = cloth_colour(person)
    arc = _arc(person, 0.16)
    wide = person.width + 0.06
    brim = pen.pose.surface(curve([(wide, -0.62), (0, -0.86), (-wide, -0.62)], 14))
    pen.fill(np.concatenate([arc, brim]), colour, None, True)
    peak = curve([(-0.85, -0.66), (0, -1.02), (0.85, -0.66)], 14)
    under = curve([(0.95, -0.58), (0, -0.72), (-0.95, -0.58)], 14)
    dark = mix(colour, (10, 10, 14), 0.3)
    pen.fill(np.concatenate([peak, under]), dark, 0.12, True)


def draw_beard(pen: Pen, person: Identity, outline: np.ndarray) -> None:
    """Draw a beard below the mouth; it follows the jaw.

    Args:
        pen (Pen): Draws the shapes.
        person (Identity): The person.
        outline (np.ndarray): Outline of the head, shape (N, 2), as
            :func:`~.geometry.head_outline` gives it.
    """
    if person.beard in ('none', 'moustache'):
        return
    colour = person.hair
    if person.beard == 'goatee':
        chin = outline[:, 1].max()
        pen.fill(ellipse(0, chin - 0.16, 0.26, 0.2), colour)
        return
    if person.beard == 'stubble':
        colour = mix(person.skin, person.hair, 0.24)
    jaw = outline[len(outline) // 2 :]
    jaw = jaw[jaw[:, 1] > 0.3] * (0.995, 1.0)
    nose = person.nose_y + 0.14
    left = [(-0.82, 0.42), (-0.66, 0.86), (-0.3, nose + 0.02), (0.0, nose)]
    inner = curve(left, 10)
    inner = np.concatenate([inner, (inner * (-1, 1))[::-1]])
    inner = pen.pose.surface(inner)
    pen.fill(np.concatenate([jaw, inner]), colour, None)
