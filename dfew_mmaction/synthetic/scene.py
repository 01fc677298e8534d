"""Scene of a clip: background, light and camera."""

import cv2
import numpy as np

from .timing import wander

_MARGIN = 24  # greatest drift of the camera to each side in pixels


class Scene:
    """Background, camera and light of one clip.

    Args:
        rng (np.random.Generator): Source of randomness.
        width (int): Width of the frames in pixels.
        height (int): Height of the frames in pixels.
        num_frames (int): Number of frames.
        style (str): One of :data:`~.identity.STYLES`. Defaults to 'default'.

    Attributes:
        light (np.ndarray): Side and strength of the light on the face at every
            frame, shape (num_frames,), -1 to 1.
    """

    def __init__(
        self,
        rng: np.random.Generator,
        width: int,
        height: int,
        num_frames: int,
        style: str = 'default',
    ) -> None:
        self.width, self.height = width, height
        wall = (width + 2 * _MARGIN, height + 2 * _MARGIN)
        self._wall = _draw_wall(rng, *wall, style)
        drift = [_MARGIN * 0.4 * wander(rng, num_frames, 40) for _ in range(2)]
        self._drift = np.clip(np.rint(drift), -_MARGIN, _MARGIN).astype(int)
        side = rng.choice([-1.0, 1.0]) * rng.uniform(0.3, 0.9)
        self.light = np.clip(side * (1 + 0.2 * wander(rng, num_frames, 25)), -1, 1)
        strength = 1 + 0.06 * wander(rng, num_frames, rng.uniform(6, 40))
        if rng.random() < 0.15:  # a lamp that is switched, a passing shadow
            step = np.tanh((np.arange(num_frames) - rng.uniform(0, num_frames)) / 3)
            strength = strength * (1 + rng.uniform(-0.2, 0.2) * step)
        self._strength = rng.uniform(0.75, 1.1) * strength
        self._tint = rng.normal(1.0, 0.05, 3)
        self._spread = rng.uniform(0.05, 0.3) * np.sign(side)
        # Effects of the camera: noise, focus, resolution.
        self._noise_level = rng.choice([0.0, rng.uniform(0.01, 0.05)], p=[0.4, 0.6])
        self._noise = None
        if self._noise_level:
            grain = rng.normal(128, 40, (height + 32, width + 32, 3))
            self._noise = np.clip(grain, 0, 255).astype(np.uint8)
        self._offsets = rng.integers(0, 32, (num_frames, 2))
        self._blur = rng.choice([0.0, rng.uniform(0.5, 1.1)], p=[0.75, 0.25])
        self._shrink = rng.choice([1.0, rng.uniform(0.5, 0.8)], p=[0.8, 0.2])

    def empty(self, index: int) -> np.ndarray:
        """Background of a frame, shape (height, width, 3), uint8, to draw on."""
        x, y = self._drift[:, index] + _MARGIN
        return self._wall[y : y + self.height, x : x + self.width].copy()

    def video(self, image: np.ndarray, index: int) -> np.ndarray:
        """Apply light and camera of a frame to a picture.

        Args:
            image (np.ndarray): Drawn picture, shape (height, width, 3), uint8.
            index (int): Number of the frame from 0.

        Returns:
            np.ndarray: The frame, same shape.
        """
        near = 1 + self._spread * np.array([[-1.0, 1.0], [-1.15, 0.85]])
        gain = 128 * self._strength[index] * near[..., None] * self._tint
        gain = np.clip(gain, 0, 255).astype(np.uint8)
        gain = cv2.resize(gain, (self.width, self.height))
        image = cv2.multiply(image, gain, scale=1 / 128)
        if self._shrink < 1:
            small = cv2.resize(
                image, None, fx=self._shrink, fy=self._shrink,
                interpolation=cv2.INTER_AREA,
            )  # fmt: skip
            image = cv2.resize(small, (self.width, self.height))
        if self._blur:
            image = cv2.GaussianBlur(image, (5, 5), self._blur)
        if self._noise is not None:
            x, y = self._offsets[index]
            grain = self._noise[y : y + self.height, x : x + self.width]
            level = 4 * self._noise_level
            image = cv2.addWeighted(image, 1, grain, level, -128 * level)
        return image


def _colour(rng, style):
    hue = rng.integers(0, 180)
    if style == 'other':
        hsv = (hue, rng.integers(25, 70), rng.integers(215, 250))
    else:
        hsv = (hue, rng.integers(10, 130), rng.integers(40, 225))
    pixel = np.array([[hsv]], np.uint8)
    return cv2.cvtColor(pixel, cv2.COLOR_HSV2BGR)[0, 0].astype(float)


def _draw_wall(rng, width, height, style):
    """Draw a wall, a window, shelves, a landscape or lights out of focus."""
    corners = np.stack([_colour(rng, style), _colour(rng, style)])
    corners = np.repeat(corners[:, None], 2, 1)
    if rng.random() < 0.5:
        corners[1] = 0.8 * corners[0]
    wall = cv2.resize(corners.astype(np.uint8), (width, height))
    kind = rng.choice(['plain', 'window', 'shelves', 'hills', 'lights', 'stripes'])
    if kind == 'stripes':
        _draw_stripes(rng, wall, 0.9 * corners[0, 0])
    elif kind != 'plain':
        _THINGS[kind](rng, wall, style)
    sigma = rng.uniform(1.0, 5.0)
    return cv2.GaussianBlur(wall, (0, 0), sigma)


def _draw_window(rng, wall, style):
    height, width = wall.shape[:2]
    unit = height / 10
    x, y = rng.uniform(0, 0.6) * width, rng.uniform(0.5, 2) * unit
    _box(wall, x, y, 4 * unit, 5 * unit, (240, 232, 215))
    for share in (0.0, 0.5, 1.0):
        _box(wall, x + 4 * unit * share, y, 0.2 * unit, 5 * unit, (70, 80, 95))
        _box(wall, x, y + 5 * unit * share, 4.2 * unit, 0.2 * unit, (70, 80, 95))


def _draw_shelves(rng, wall, style):
    height, width = wall.shape[:2]
    unit = height / 10
    for y in np.arange(0.3, 10, rng.uniform(1.8, 2.6)) * unit:
        x = 0.0
        while x < width:
            w, h = rng.uniform(0.2, 0.6) * unit, rng.uniform(0.9, 1.6) * unit
            _box(wall, x, y + 1.6 * unit - h, w, h, _colour(rng, style))
            x += w + rng.choice([0.05, 0.05, 0.9]) * unit
        _box(wall, 0, y + 1.6 * unit, width, 0.15 * unit, (50, 70, 95))


def _draw_hills(rng, wall, style):
    height, width = wall.shape[:2]
    for base in (5.0, 6.5, 8.0):
        x = np.arange(0, width + 8, 8)
        y = (base + 0.8 * wander(rng, len(x), rng.uniform(8, 20))) * height / 10
        hill = np.stack([x, y], 1)
        hill = np.concatenate([hill, [(width, height), (0, height)]])
        shape = np.rint(hill).astype(np.int32)
        cv2.fillPoly(wall, [shape], _colour(rng, style), cv2.LINE_AA)


def _draw_lights(rng, wall, style):
    height, width = wall.shape[:2]
    for _ in range(rng.integers(8, 25)):
        at = (int(rng.uniform(0, width)), int(rng.uniform(0, height)))
        radius = int(rng.uniform(0.3, 1.0) * height / 10)
        cv2.circle(wall, at, radius, _colour(rng, style), -1, cv2.LINE_AA)


def _draw_stripes(rng, wall, colour):
    height, width = wall.shape[:2]
    step = rng.uniform(0.8, 2.0) * height / 10
    for x in np.arange(0, width, 2 * step):
        _box(wall, x, 0, step, height, colour)


_THINGS = {
    'window': _draw_window,
    'shelves': _draw_shelves,
    'hills': _draw_hills,
    'lights': _draw_lights,
}


def _box(image, x, y, width, height, colour):
    first, second = (int(x), int(y)), (int(x + width), int(y + height))
    cv2.rectangle(image, first, second, tuple(map(float, colour)), -1)
