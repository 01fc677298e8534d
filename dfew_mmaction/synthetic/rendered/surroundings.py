"""Background and foreground of a rendered head, and effects of the camera."""

import cv2
import numpy as np

from .person import Person, View


class Surroundings:
    """Background, clothes, long hair, glasses, occlusions, and the camera.

    Args:
        rng (np.random.Generator): Source of randomness.
        person (Person): The person.
        size (int): Side of the picture in pixels.
        style (str): See :data:`.STYLES`; 'other' has a worse camera, 'varied' more
            contrasts and brightnesses.
    """

    def __init__(
        self, rng: np.random.Generator, person: Person, size: int, style: str
    ) -> None:
        self.size, self.person = size, person
        self._backdrop = _backdrop(rng, size)
        self._clothes = rng.uniform(15, 235, 3)
        bad = 1.6 if style == 'other' else 1.0
        self._blur = max(0.0, bad * rng.normal(0.3, 0.45))
        self._noise = bad * rng.gamma(1.2, 2.0)
        varied = style == 'varied'
        self._gain = rng.uniform(0.6, 1.6) if varied else rng.uniform(0.75, 1.3)
        self._gamma = float(np.exp(rng.normal(0, 0.4 if varied else 0.22 * bad)))
        self._grey = rng.random() < 0.15
        self._shadow = _cast_shadow(rng, size) if rng.random() < 0.2 else None
        self._things = _things(rng) if rng.random() < 0.08 else []
        self._strands = rng.uniform(0.75, 1.1)

    def before(self, view: View) -> np.ndarray:
        """Draw the picture without the head: (size, size, 3) float32."""
        image = self._backdrop.copy()
        looks = self.person.looks
        scale = view.scale
        if looks.hair and looks.hair_length > 0.2:
            centre, _ = view.project(
                np.array([[0, 2 - 7 * looks.hair_length, -3]], np.float32)
            )
            axes = (9.6 + looks.hair_volume, 9 + 9 * looks.hair_length)
            colour = np.array(looks.hair_colour) * 0.55 * self._strands
            _ellipse(image, centre[0], np.array(axes) * scale, view.roll, colour)
        neck, _ = view.project(np.array([[0, -19, -3]], np.float32))
        x, y = neck[0]
        wide = 17 * scale
        body = [(x - wide, y + 4 * scale), (x - 9 * scale, y - 2.2 * scale),
                (x, y + 0.5 * scale), (x + 9 * scale, y - 2.2 * scale),
                (x + wide, y + 4 * scale), (x + wide, y + 60 * scale),
                (x - wide, y + 60 * scale)]  # fmt: skip
        self._body = np.int32(np.rint(np.array(body) * 16))
        cv2.fillPoly(image, [self._body], self._clothes.tolist(), cv2.LINE_AA, 4)
        return image

    def after(
        self,
        image: np.ndarray,
        points: np.ndarray,
        view: View,
        rng: np.random.Generator,
    ) -> np.ndarray:
        """Apply the effects of the camera: (size, size, 3) uint8."""
        # The collar covers the end of the neck.
        cv2.fillPoly(image, [self._body], self._clothes.tolist(), cv2.LINE_AA, 4)
        if self.person.looks.glasses:
            _glasses(image, self.person, points, view)
        for thing in self._things:
            corners = np.int32(np.rint(thing[0] * self.size * 16))
            cv2.fillPoly(image, [corners], thing[1], cv2.LINE_AA, 4)
        if self._shadow is not None:
            image = image * self._shadow
        image = np.clip(image * (self._gain / 255), 0, 1) ** self._gamma * 255
        if self._blur > 0.25:
            image = cv2.GaussianBlur(image, (0, 0), self._blur)
        if self._noise > 1:
            grain = rng.standard_normal(image.shape[:2], np.float32)
            image = image + (self._noise * grain)[..., None]
        image = np.clip(image, 0, 255).astype(np.uint8)
        if self._grey:
            grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
            image = cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR)
        return image


def _ellipse(image, centre, axes, turn, colour):
    place = tuple(int(v * 16) for v in centre)
    size = tuple(int(v * 16) for v in axes)
    degrees = -np.degrees(turn)
    cv2.ellipse(
        image, place, size, degrees, 0, 360, colour.tolist(), -1, cv2.LINE_AA, 4
    )


def _backdrop(rng, size):
    kind = rng.random()
    if kind < 0.35:  # a plain wall with uneven light
        colour = rng.uniform(0, 255, 3) * rng.uniform(0, 1) + rng.uniform(0, 90)
        ramp = np.linspace(-1, 1, size)
        slope = rng.normal(0, 0.15) * ramp[None] + rng.normal(0, 0.15) * ramp[:, None]
        return np.float32(colour * (1 + slope[..., None]))
    cells = int(rng.integers(2, 14))
    coarse = rng.uniform(0, 255, (cells, cells, 3 if kind < 0.75 else 1))
    way = cv2.INTER_NEAREST if rng.random() < 0.3 else cv2.INTER_CUBIC
    image = cv2.resize(np.float32(coarse), (size, size), interpolation=way)
    image = np.broadcast_to(np.atleast_3d(image), (size, size, 3))
    return cv2.GaussianBlur(np.float32(image), (0, 0), rng.uniform(0.5, 6))


def _cast_shadow(rng, size):
    """Draw a soft shadow over a part of the picture."""
    coarse = rng.uniform(0, 1, (3, 3)).astype(np.float32)
    mask = cv2.resize(coarse, (size, size), interpolation=cv2.INTER_CUBIC)
    mask = 1 / (1 + np.exp(-rng.uniform(6, 25) * (mask - 0.5)))
    return (1 - rng.uniform(0.2, 0.6) * mask)[..., None].astype(np.float32)


def _things(rng):
    """Plain shape of a hand, cup or microphone: corners (0 to 1) and colour."""
    centre = np.array([rng.uniform(0.2, 0.8), rng.uniform(0.6, 0.95)])
    angles = np.sort(rng.uniform(0, 2 * np.pi, 7))
    reach = rng.uniform(0.05, 0.16, (7, 1))
    corners = centre + reach * np.stack([np.cos(angles), np.sin(angles)], 1)
    return [(corners, rng.uniform(20, 220, 3).tolist())]


def _glasses(image, person, points, view):
    marks = points[person.model.landmarks]
    strength = person.looks.glasses
    shade = tuple(v * (1 - strength) for v in (120, 120, 120))
    rims = []
    for chosen in (slice(36, 42), slice(42, 48)):
        eye = marks[chosen].mean(0)
        turn = np.linspace(0, 2 * np.pi, 17)
        rim = np.stack(
            [2.3 * np.cos(turn), 1.8 * np.sin(turn) - 0.3, np.full(17, 1.3)], 1
        )
        rims.append(eye + rim)
    bridge = np.stack([rims[0][0], marks[27] + (0, 0.2, 0.6), rims[1][8]])
    for line in (*rims, bridge):
        flat, _ = view.project(np.float32(line))
        flat = np.int32(np.rint(flat * 16))
        thick = max(1, round(0.22 * view.scale))
        cv2.polylines(image, [flat], False, shade, thick, cv2.LINE_AA, 4)
