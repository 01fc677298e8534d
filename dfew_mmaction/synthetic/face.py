"""Drawing of a face from person, action units, head pose and light."""

import numpy as np

from .features import (
    draw_brows,
    draw_cheeks,
    draw_eyes,
    draw_folds,
    draw_mouth,
    draw_nose,
)
from .geometry import Units, head_outline, with_resting
from .hair import draw_back_hair, draw_beard, draw_front_hair
from .identity import Identity
from .pen import Colour, Pen, ellipse, mix
from .pose import Pose


def draw_face(
    image: np.ndarray,
    person: Identity,
    units: Units,
    pose: Pose,
    light: float = 0.6,
    gaze: tuple[float, float] = (0.0, 0.0),
    clothes: Colour = (110, 90, 70),
) -> np.ndarray:
    """Draw a head with shoulders into a picture.

    Args:
        image (np.ndarray): Picture of shape (H, W, 3), uint8, BGR; drawn on in place.
        person (Identity): The person.
        units (Units): Action units by name, such as ``{'au12': 1.0}``, from 0 to 1;
            a pair of values is for the left and the right side of the picture.
        pose (Pose): Position and rotation of the head.
        light (float): Side and strength of the light, from -1 (from the left) to 1
            (from the right). Defaults to 0.6.
        gaze (tuple[float, float]): Gaze right and down in face units; 0.1 is large.
            Defaults to (0.0, 0.0).
        clothes (Colour): Colour of the clothes, BGR. Defaults to a brown.

    Returns:
        np.ndarray: ``image``.

    Examples:
        >>> person = Identity.sample(np.random.default_rng(0))
        >>> image = np.full((240, 240, 3), 200, np.uint8)
        >>> draw_face(image, person, {'au12': 1.0}, Pose(120, 110, 70)).shape
        (240, 240, 3)
    """
    pen = Pen(image, pose, person.outline)
    units = with_resting(person, units)
    outline = head_outline(person, units)
    draw_back_hair(pen, person)
    _draw_body(image, person, pose, clothes)
    _draw_ears(pen, person)
    pen.fill(outline, person.skin, None, True)
    if person.style == 'default':
        _draw_shade(pen, person, outline, light)
    draw_cheeks(pen, person, units)
    draw_beard(pen, person, outline)
    draw_folds(pen, person, units)
    draw_eyes(pen, person, units, gaze)
    draw_nose(pen, person, units, light)
    draw_mouth(pen, person, units)
    draw_front_hair(pen, person)
    draw_brows(pen, person, units)
    _draw_glasses(pen, person)
    return image


def _draw_body(image, person, pose, clothes):
    # The shoulders follow the position of the head but hardly its rotation.
    body = Pen(
        image, Pose(pose.x, pose.y, pose.scale, 0.25 * pose.roll), person.outline
    )
    chin = person.chin
    end = chin + 0.7
    neck = np.array([(-0.46, 0.7), (0.46, 0.7), (0.52, end), (-0.52, end)])
    body.fill(neck, mix(person.skin, person.shade, 1.0), None)
    low = chin + 0.28
    half = np.array(
        [
            (0.42, low), (0.62, low + 0.05), (1.5, low + 0.4), (1.85, low + 0.8),
            (2.0, low + 3.0),
        ]
    )  # fmt: skip
    dip = np.array([(0.0, low + 0.42), (0.22, low + 0.32)])
    right = np.concatenate([dip, half])
    shirt = np.concatenate([right, (right * (-1, 1))[::-1]])
    body.fill(shirt, clothes, None, True)
    collar = np.concatenate([dip, half[:1]])
    collar = np.concatenate([(collar * (-1, 1))[::-1], collar])
    body.stroke(collar, mix(clothes, (15, 15, 20), 0.35), 0.07, None)


def _draw_ears(pen, person):
    if person.hair_style in ('long', 'bob', 'headscarf'):
        return
    for side in (-1, 1):
        shift = -0.12 * pen.pose.yaw * side
        x = side * (person.width + 0.03 + shift)
        pen.fill(ellipse(x, 0.16, 0.15, 0.26), person.skin, None, True)
        pen.fill(ellipse(x, 0.16, 0.08, 0.17, 14), person.shade, None)
        if person.earrings:
            pen.fill(ellipse(x, 0.47, 0.055, 0.055, 10), (90, 200, 230), None)


def _draw_shade(pen, person, outline, light):
    """Draw a shadow on the side away from the light."""
    side = -1.0 if light > 0 else 1.0
    edge = outline[side * outline[:, 0] >= 0]
    edge = edge[np.argsort(edge[:, 1])]
    depth = 0.1 + 0.3 * abs(light)
    down = (edge[:, 1] + person.crown) / (person.chin + person.crown)
    inner = edge.copy()
    inner[:, 0] -= side * depth * np.sin(np.pi * np.clip(down, 0, 1)) ** 0.7
    inner[:, 0] = side * np.maximum(side * inner[:, 0], 0)
    shape = np.concatenate([edge, inner[::-1]])
    pen.fill(shape, mix(person.skin, person.shade, 0.35 + 0.5 * abs(light)), None)


def _draw_glasses(pen, person):
    kind = person.glasses
    if kind == 'none':
        return
    colour = {'round': (70, 110, 150), 'square': (60, 60, 64)}.get(kind, (24, 22, 26))
    width = 0.055 if kind == 'dark rim' else 0.03
    at = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    power = 1.0 if kind == 'round' else 0.6
    ring_x = np.sign(np.cos(at)) * np.abs(np.cos(at)) ** power
    ring_y = np.sign(np.sin(at)) * np.abs(np.sin(at)) ** power
    for side in (-1, 1):
        ring = np.stack([side * person.eye_x + 0.325 * ring_x, 0.03 + 0.27 * ring_y], 1)
        pen.loop(ring, colour, width, 0.12)
        temple = np.array(
            [(side * (person.eye_x + 0.32), -0.02), (side * person.width, -0.02)]
        )
        pen.stroke(temple, colour, width, 0.05)
    bridge = np.array([(-person.eye_x + 0.32, -0.02), (person.eye_x - 0.32, -0.02)])
    pen.stroke(bridge, colour, width, 0.14)
