"""Objects in front of a face."""

import numpy as np

from .identity import Identity
from .pen import Pen, curve, ellipse, mix
from .pose import Pose
from .timing import smooth_step, wander

KINDS = ('hand', 'mug', 'strand', 'microphone', 'scarf')


class Occlusion:
    """An object in front of the face during a clip or a part of it.

    Args:
        rng (np.random.Generator): Source of randomness.
        num_frames (int): Number of frames.
        kind (str, optional): One of :data:`KINDS`. Defaults to None: drawn.
    """

    def __init__(
        self, rng: np.random.Generator, num_frames: int, kind: str | None = None
    ) -> None:
        self.kind = str(rng.choice(KINDS)) if kind is None else kind
        self._side = rng.choice([-1.0, 1.0])
        self._colour = tuple(rng.uniform(40, 215, 3))
        at = np.arange(num_frames)
        if rng.random() < 0.5:  # moves to the face and away again
            middle = rng.uniform(0, num_frames)
            half = rng.uniform(0.1, 0.25) * num_frames + 4
            self._near = 1 - smooth_step((np.abs(at - middle) - 0.5 * half) / half)
        else:
            self._near = np.ones(num_frames)
        self._sway = 0.04 * np.stack([wander(rng, num_frames, 15) for _ in 'xy'])
        self._place = rng.uniform(-0.1, 0.1, 2)

    def draw(
        self, image: np.ndarray, person: Identity, pose: Pose, index: int
    ) -> np.ndarray:
        """Draw the object of frame ``index`` into ``image``, which is returned."""
        near = self._near[index]
        if near <= 0:
            return image
        away = 2.6 * (1 - near)
        shift = self._place + self._sway[:, index]
        pen = Pen(image, pose, person.outline)
        side = self._side
        if self.kind == 'hand':
            at = (side * (0.78 + 0.8 * away) + shift[0], 1.15 + away + shift[1])
            _draw_hand(pen, person, side, at)
        elif self.kind == 'mug':
            at = (side * 0.3 + shift[0], 1.85 + away + shift[1])
            _draw_mug(pen, side, at, self._colour)
        elif self.kind == 'microphone':
            at = (side * 0.55 + shift[0], 1.62 + away + shift[1])
            stick = curve([(at[0] + side * 0.45, at[1] + 1.6), at], 4)
            pen.stroke(stick, (40, 40, 44), 0.16, None)
            pen.fill(ellipse(*at, 0.22, 0.25), (62, 62, 68), None, True)
            gleam = ellipse(at[0] - 0.06, at[1] - 0.07, 0.09, 0.1)
            pen.fill(gleam, (98, 98, 104), None)
        elif self.kind == 'scarf':
            y = person.chin - 0.12 + away + 0.3 * shift[1]
            top = curve([(1.15, y - 0.25), (0, y + 0.25), (-1.15, y - 0.25)], 12)
            low = np.array([(-1.25, y + 0.8), (1.25, y + 0.8)])
            pen.fill(np.concatenate([top, low]), self._colour, None, True)
            fold = mix(self._colour, (20, 20, 24), 0.25)
            pen.stroke(top + (0, 0.25), fold, 0.06, None)
        else:
            root = (side * 0.25, -person.crown)
            lock = [root, (side * (0.75 + shift[0]), -0.6)]
            lock += [(side * (0.3 - away + shift[0]), 0.1 + shift[1])]
            lock += [(side * (0.75 - away), 0.75)]
            taper = np.linspace(0.2, 0.03, 14)
            pen.stroke(curve(lock, 14), mix(person.hair, (0, 0, 0), 0.1), taper, None)
        return image


def _draw_hand(pen, person, side, at):
    line = mix(person.skin, person.line, 0.6)
    skin = mix(person.skin, person.shade, 0.25)
    x, y = at
    wrist = np.array(
        [
            (x + side * 0.1, y), (x + side * 0.55, y + 0.1), (x + side * 0.9, y + 1.8),
            (x + side * 0.35, y + 1.9),
        ]
    )  # fmt: skip
    pen.fill(wrist, skin, None, True)
    pen.fill(ellipse(x + side * 0.22, y, 0.3, 0.34), skin, None, True)
    for finger in range(4):
        root = (x + side * (0.32 - 0.16 * finger), y - 0.12 + 0.02 * finger)
        tip = (root[0] - side * (0.16 + 0.02 * finger), y - 0.66 + 0.06 * finger)
        straight = curve([root, tip], 5)
        pen.stroke(straight, line, 0.19, None)
        pen.fill(ellipse(*tip, 0.095, 0.095, 12), line, None)
        pen.stroke(straight, skin, 0.16, None)
        pen.fill(ellipse(*tip, 0.08, 0.08, 12), skin, None)


def _draw_mug(pen, side, at, colour):
    x, y = at
    handle = ellipse(x + side * 0.42, y, 0.18, 0.22)
    pen.fill(handle, mix(colour, (10, 10, 10), 0.2), None, True)
    body = [(-0.4, -0.42), (0.4, -0.42), (0.34, 0.5), (-0.34, 0.5)]
    pen.fill(np.array(body) + (x, y), colour, None, True)
    light = np.array([(-0.32, -0.34), (-0.2, -0.34), (-0.18, 0.42), (-0.28, 0.42)])
    pen.fill(light + (x, y), mix(colour, (255, 255, 255), 0.3), None)
    pen.fill(ellipse(x, y - 0.42, 0.4, 0.07), mix(colour, (20, 20, 20), 0.4), None)
