"""Where a head is in the picture and how it is turned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

# The face bulges towards the viewer like this ellipsoid (face units).
_RADIUS_X, _RADIUS_Y, _CENTRE_Y, _DEPTH = 1.2, 1.95, 0.25, 0.85


@dataclass
class Pose:
    """Position and turn of a head.

    One face unit is half the width of a head; the origin lies between the eyes,
    x points to the right of the picture and y down.

    Attributes:
        x (float): Column of the origin, in pixels.
        y (float): Row of the origin, in pixels.
        scale (float): Pixels a face unit.
        roll (float): Turn in the picture plane, in radians, clockwise.
        yaw (float): Turn to the right of the picture, in radians.
        pitch (float): Nod downwards, in radians.
    """

    x: float
    y: float
    scale: float
    roll: float = 0.0
    yaw: float = 0.0
    pitch: float = 0.0

    def to_picture(self, points: np.ndarray) -> np.ndarray:
        """Flat points of shape (N, 2) in face units to pixels."""
        cos, sin = self.scale * np.cos(self.roll), self.scale * np.sin(self.roll)
        turn = np.array([[cos, sin], [-sin, cos]])
        return points @ turn + (self.x, self.y)

    def surface(self, points: np.ndarray, lift: float = 0.0) -> np.ndarray:
        """Turn points that lie on the face; the result is in face units, flat.

        Args:
            points (np.ndarray): Points of shape (N, 2) of the face seen from ahead.
            lift (float): How far they stand out of the face. Defaults to 0.0.

        Returns:
            np.ndarray: Points of shape (N, 2).
        """
        x, y = points[:, 0], points[:, 1]
        bulge = 1 - (x / _RADIUS_X) ** 2 - ((y - _CENTRE_Y) / _RADIUS_Y) ** 2
        z = _DEPTH * np.sqrt(np.maximum(bulge, 0.0)) + lift
        turned = np.empty_like(points, dtype=float)
        turned[:, 0] = x * np.cos(self.yaw) + z * np.sin(self.yaw)
        turned[:, 1] = y * np.cos(self.pitch) + z * np.sin(self.pitch)
        return turned
