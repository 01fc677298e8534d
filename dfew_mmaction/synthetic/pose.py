"""Position and rotation of a head in the picture."""

from dataclasses import dataclass

import numpy as np

# The face is modelled as this ellipsoid (face units).
_RADIUS_X, _RADIUS_Y, _CENTRE_Y, _DEPTH = 1.2, 1.95, 0.25, 0.85


@dataclass
class Pose:
    """Position and rotation of a head.

    One face unit is half the width of a head; the origin lies between the eyes,
    x points to the right of the picture and y down.

    Attributes:
        x (float): Column of the origin, in pixels.
        y (float): Row of the origin, in pixels.
        scale (float): Pixels per face unit.
        roll (float): Rotation in the picture plane, in radians, clockwise.
        yaw (float): Rotation to the right of the picture, in radians.
        pitch (float): Downward rotation, in radians.
    """

    x: float
    y: float
    scale: float
    roll: float = 0.0
    yaw: float = 0.0
    pitch: float = 0.0

    def to_picture(self, points: np.ndarray) -> np.ndarray:
        """Convert points of shape (N, 2) from face units to pixels."""
        cos, sin = self.scale * np.cos(self.roll), self.scale * np.sin(self.roll)
        turn = np.array([[cos, sin], [-sin, cos]])
        return points @ turn + (self.x, self.y)

    def surface(self, points: np.ndarray, lift: float = 0.0) -> np.ndarray:
        """Rotate points on the face and project them to the plane, in face units.

        Args:
            points (np.ndarray): Points of shape (N, 2) of the frontal face.
            lift (float): Their height above the face. Defaults to 0.0.

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
