"""Textures of the scalp, the mouth, the teeth and the eyes."""

import cv2
import numpy as np

from .looks import Looks

#: Rows of the parts (first, last), to the right of the face.
EYE_ROWS = (0, 96)
SWATCHES = {'head': (96, 176), 'mouth': (180, 216), 'gums': (220, 256),
             'teeth': (260, 300)}  # fmt: skip


def paint_parts(right: np.ndarray, looks: Looks, rng: np.random.Generator) -> None:
    """Paint the parts to the right of the face in the texture, in place.

    Args:
        right (np.ndarray): That part of the texture, (SIZE, 96, 4) float32.
        looks (Looks): Colours of the person.
        rng (np.random.Generator): Draws strands and fibres.
    """
    first, last = SWATCHES['head']
    height = last - first
    skin = np.array(looks.skin, np.float32)
    head = np.tile(skin, (height, 96, 1))
    # Of the model's 34 cm the upper 15 have hair.
    scalp = step((0.42 - np.arange(height) / height) / 0.04)[:, None, None]
    strands = 1 + 0.2 * cv2.resize(rng.standard_normal((5, 40), 'f4'), (96, height))
    hair = (
        np.array(looks.hair_colour, np.float32) * np.clip(strands, 0.4, 1.8)[..., None]
    )
    head += looks.hair * scalp * (hair - head)
    right[first:last, :, :3] = head
    for name, colour in (('mouth', (18, 15, 32)), ('gums', (60, 52, 108))):
        first, last = SWATCHES[name]
        right[first - 2 : last + 2, :, :3] = (
            np.array(colour, np.float32) * looks.mouth_light
        )
    first, last = SWATCHES['teeth']
    along = np.abs(np.arange(96) - 45.5) / 42
    fade = np.clip(1.05 - 0.75 * along**2, 0.2, 1)
    gaps = np.exp(-(((along * 4.6) % 1 - 0.5) ** 2) / 0.006)
    row = fade * (1 - 0.3 * gaps)
    right[first - 2 : last + 2, :, :3] = (
        np.array(looks.teeth, np.float32) * row[:, None]
    )
    red = np.array([0.55, 0.5, 0.85], np.float32)
    right[last - 10 : last + 2, :, :3] *= red
    right[first - 2 : last + 2, :, 3] = 0.4
    _eye(right[EYE_ROWS[0] : EYE_ROWS[1]], looks, rng)


def _eye(patch, looks, rng):
    """Paint the eyeball along the gaze: radius 46 texels for 1.5 radians."""
    y, x = np.mgrid[:96, :96] - 47.5
    angle = np.hypot(x, y) / 46 * 1.5
    sclera = (
        np.array(looks.sclera, np.float32)
        * (1 - 0.18 * step((angle - 0.5) / 1.0))[..., None]
    )
    fibres = 1 + 0.18 * np.sin(np.arctan2(y, x) * 17 + rng.uniform(0, 6))
    iris = (
        np.array(looks.iris, np.float32)
        * (fibres * (0.75 + 0.5 * angle / 0.5))[..., None]
    )
    eye = sclera + step((looks.iris_size - angle) / 0.06)[..., None] * (iris - sclera)
    ring = np.exp(-(((angle - looks.iris_size) / 0.05) ** 2))
    eye *= 1 - 0.5 * ring[..., None]
    eye *= 1 - 0.95 * step((looks.pupil - angle) / 0.05)[..., None]
    patch[..., :3] = eye
    patch[..., 3] = 1.0


def step(x: np.ndarray) -> np.ndarray:
    """Smooth step from 0 at -0.5 to 1 at 0.5."""
    x = np.clip(x + 0.5, 0, 1)
    return (x * x * (3 - 2 * x)).astype(np.float32)
