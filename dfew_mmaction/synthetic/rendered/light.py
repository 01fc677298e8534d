"""Light on a surface."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Light:
    """Ambient light, and directional lights with a colour.

    Attributes:
        ambient (np.ndarray): Blue, green, red of the ambient light, (3,).
        sky (float): Difference between ambient light from above and from below, 0 to 1.
        directions (np.ndarray): Unit vectors towards the lights, (L, 3); x to the
            right of the picture, y up, z to the camera.
        colours (np.ndarray): Their colours, (L, 3).
        wrap (float): How far light extends to the dark side, 0 to 1.
    """

    ambient: np.ndarray
    sky: float
    directions: np.ndarray
    colours: np.ndarray
    wrap: float

    @classmethod
    def sample(cls, rng: np.random.Generator, style: str = 'default') -> 'Light':
        """Draw a light.

        Those of style 'other' are harder, lower and more coloured; those of style
        'varied' range from one lamp in the dark to light without shadows.
        """
        other = style == 'other'
        count = int(rng.integers(1, 3))
        side = rng.uniform(-1.3, 1.3, count) if not other else rng.uniform(-2, 2, count)
        high = rng.uniform(-0.4, 1.2, count) if not other else rng.uniform(-1, 1, count)
        directions = np.stack(
            [np.sin(side) * np.cos(high), np.sin(high), np.cos(side) * np.cos(high)], 1
        )
        ambient = rng.uniform(0.25, 0.8) if not other else rng.uniform(0.15, 0.6)
        if style == 'varied':
            ambient = rng.uniform(0.1, 1.05)
        tint = 0.15 if other else 0.08
        power = rng.uniform(0.25, 0.9, count) * (1.15 - ambient) / count**0.5 * 1.6
        colours = power[:, None] * (1 + tint * rng.normal(0, 1, (count, 3)))
        return cls(
            ambient * (1 + tint * rng.normal(0, 1, 3)),
            rng.uniform(0, 0.5),
            directions.astype(np.float32),
            np.clip(colours, 0, 2).astype(np.float32),
            rng.uniform(0, 0.5),
        )


def shade(
    albedo: np.ndarray, gloss: np.ndarray, normals: np.ndarray, light: Light
) -> np.ndarray:
    """Compute the colours of points under a light.

    Args:
        albedo (np.ndarray): Colours of the surface, (P, 3), 0 to 255.
        gloss (np.ndarray): Strength of the highlights, (P,), 0 to 1.
        normals (np.ndarray): Outward unit normals, (P, 3).
        light (Light): The light.

    Returns:
        np.ndarray: Shape (P, 3), float32; may exceed 255.
    """
    above = 1 + light.sky * 0.5 * (normals[:, 1:2] - 0.2)
    facing = np.clip(0.75 + 0.25 * normals[:, 2:], 0.4, 1)
    total = above * facing * light.ambient.astype(np.float32)
    shine = np.zeros(len(albedo), np.float32)
    for direction, colour in zip(light.directions, light.colours, strict=True):
        reach = normals @ direction
        lit = np.clip((reach + light.wrap) / (1 + light.wrap), 0, None)
        total = total + lit[:, None] * colour
        middle = direction + np.array([0, 0, 1], np.float32)
        middle /= np.linalg.norm(middle)
        shine += np.clip(normals @ middle, 0, 1) ** 24 * colour.mean()
    return (albedo * total + (90 * gloss * shine)[:, None]).astype(np.float32)
