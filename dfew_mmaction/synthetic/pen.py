"""Drawing of anti-aliased shapes with sub-pixel corners by OpenCV."""

from collections.abc import Sequence

import cv2
import numpy as np

from .pose import Pose

_SHIFT = 4  # corners are given in 1/16 pixel
Colour = Sequence[float]


def mix(first: Colour, second: Colour, share: float) -> tuple[float, ...]:
    """Mix two colours, with ``share`` (0 to 1) of the second one."""
    return tuple(a + (b - a) * share for a, b in zip(first, second, strict=True))


def ellipse(x: float, y: float, rx: float, ry: float, num: int = 20) -> np.ndarray:
    """Outline of an ellipse as ``num`` points, shape (num, 2)."""
    angle = np.linspace(0, 2 * np.pi, num, endpoint=False)
    return np.stack([x + rx * np.cos(angle), y + ry * np.sin(angle)], 1)


def curve(points: Sequence[Sequence[float]], num: int = 10) -> np.ndarray:
    """Bezier curve with the given control points as ``num`` points, (num, 2)."""
    at = np.linspace(0, 1, num)[:, None]
    level = [np.asarray(point, float)[None] for point in points]
    while len(level) > 1:
        level = [a + (b - a) * at for a, b in zip(level[:-1], level[1:], strict=True)]
    return level[0]


class Pen:
    """Draws shapes given in face units.

    Args:
        image (np.ndarray): Picture of shape (H, W, 3), uint8, BGR; drawn on in place.
        pose (Pose): Position and rotation of the head.
        outline (Colour, optional): Colour of the outlines of outlined shapes. Defaults
            to None: no outlines.
    """

    def __init__(
        self, image: np.ndarray, pose: Pose, outline: Colour | None = None
    ) -> None:
        self.image = image
        self.pose = pose
        self.outline = outline

    def _corners(self, points: np.ndarray, lift: float | None) -> np.ndarray:
        if lift is not None:
            points = self.pose.surface(points, lift)
        pixels = self.pose.to_picture(points)
        return np.rint(pixels * (1 << _SHIFT)).astype(np.int32)

    def fill(
        self,
        points: np.ndarray,
        colour: Colour,
        lift: float | None = 0.0,
        outlined: bool = False,
    ) -> None:
        """Fill a polygon.

        Args:
            points (np.ndarray): Corners, shape (N, 2), in face units.
            colour (Colour): BGR, 0 to 255.
            lift (float, optional): Height above the surface of the face; None for parts
                that do not rotate with it. Defaults to 0.0.
            outlined (bool): Whether to draw an outline in a style with outlines.
                Defaults to False.
        """
        corners = self._corners(points, lift)
        cv2.fillPoly(self.image, [corners], colour, cv2.LINE_AA, _SHIFT)
        if outlined and self.outline is not None:
            width = max(1, round(0.03 * self.pose.scale))
            cv2.polylines(
                self.image, [corners], True, self.outline, width, cv2.LINE_AA, _SHIFT
            )

    def stroke(
        self,
        points: np.ndarray,
        colour: Colour,
        width: float | np.ndarray,
        lift: float | None = 0.0,
    ) -> None:
        """Draw a line of variable width.

        Args:
            points (np.ndarray): The line, shape (N, 2), in face units.
            colour (Colour): BGR, 0 to 255.
            width (float | np.ndarray): Width in face units; an array has shape (N,).
            lift (float, optional): As in :meth:`fill`. Defaults to 0.0.
        """
        self.fill(ribbon(points, width), colour, lift)

    def loop(
        self, points: np.ndarray, colour: Colour, width: float, lift: float = 0.0
    ) -> None:
        """Draw a closed line of even width, in face units."""
        thickness = max(1, round(width * self.pose.scale))
        corners = self._corners(points, lift)
        cv2.polylines(
            self.image, [corners], True, colour, thickness, cv2.LINE_AA, _SHIFT
        )


def ribbon(points: np.ndarray, width: float | np.ndarray) -> np.ndarray:
    """Outline of a line with a width: (N, 2) points to (2 N, 2) corners."""
    along = np.empty_like(points)
    along[1:-1] = points[2:] - points[:-2]
    along[0], along[-1] = points[1] - points[0], points[-1] - points[-2]
    length = np.sqrt((along * along).sum(1)) + 1e-9
    across = np.stack([-along[:, 1], along[:, 0]], 1)
    across *= (0.5 * np.broadcast_to(width, len(points)) / length)[:, None]
    return np.concatenate([points + across, (points - across)[::-1]])
