"""A person prepared for rendering, and rendering of a frame."""

from dataclasses import dataclass

import cv2
import numpy as np

from .action_units import shape_matrix, shape_weights, unit_index
from .face_model import FaceModel
from .light import Light, shade
from .looks import Looks
from .raster import rasterize
from .texture import SIZE, canvas_of, paint
from .wrinkles import draw_folds, fold_depths

# Centre of rotation of the head in centimetres.
_PIVOT = np.array([0.0, 1.5, 3.0], np.float32)


@dataclass(frozen=True)
class View:
    """Head pose and camera of a frame.

    Attributes:
        yaw, pitch, roll (float): Rotation of the head in radians.
        x, y (float): Position of the head in the picture, in pixels.
        scale (float): Pixels per centimetre at the centre of the head.
        distance (float): Distance of camera and head in centimetres.
        gaze (tuple[float, float]): Rotation of the eyes to the left and up, in radians.
    """

    yaw: float
    pitch: float
    roll: float
    x: float
    y: float
    scale: float
    distance: float
    gaze: tuple[float, float]

    def rotation(self) -> np.ndarray:
        """Rotation of the head, (3, 3) float32."""
        cy, sy = np.cos(self.yaw), np.sin(self.yaw)
        cp, sp = np.cos(self.pitch), np.sin(self.pitch)
        cr, sr = np.cos(self.roll), np.sin(self.roll)
        turn = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
        nod = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
        tilt = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
        return (tilt @ nod @ turn).astype(np.float32)

    def project(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Points of the head in the picture (N, 2), and their distances (N,)."""
        turned = (points - _PIVOT) @ self.rotation().T
        away = self.distance - turned[:, 2]
        factor = self.scale * self.distance / away
        x = self.x + factor * turned[:, 0]
        return np.stack([x, self.y - factor * turned[:, 1]], 1), away


class Person:
    """A face model with the appearance of one person.

    Args:
        model (FaceModel): The face model.
        looks (Looks): Appearance.
        rng (np.random.Generator): Draws texture and folds.
    """

    def __init__(
        self, model: FaceModel, looks: Looks, rng: np.random.Generator
    ) -> None:
        self.model, self.looks = model, looks
        moved = (looks.identity @ model.identities).reshape(-1, 3)
        self.shape = model.vertices + moved
        self.shape += _hair_volume(model, looks)
        self.canvas = canvas_of(model)
        self.texture = paint(model, looks, rng)
        self.folds = draw_folds(self.canvas, rng)
        self._brow_moves = _brow_moves(self.canvas.uv, self.canvas.marks)
        self._matrix = shape_matrix(model.expression_names)
        inner = np.isin(model.part[model.triangles[:, 0]], (2, 3, 4))
        self._closed = model.triangles[~inner]

    def weights(self, units: np.ndarray) -> np.ndarray:
        """Weights of the shapes for units (T, len(ACTION_UNITS), 2)."""
        units = np.clip(units + self.looks.rest, 0, 1.4)
        return shape_weights(units, self._matrix, self.model.expression_names)

    def depths(self, units: np.ndarray) -> np.ndarray:
        """Depths of the folds for units, see :func:`.fold_depths`."""
        return fold_depths(units + self.looks.rest, self.looks)

    @staticmethod
    def pulls(units: np.ndarray) -> np.ndarray:
        """Downward shift of the inner brows in texels, (T,).

        It adds to the shapes of the model, which move the brows too little.
        """
        both = units.mean(2)
        lowered, raised = both[:, unit_index('au4')], both[:, unit_index('au1')]
        return 4.0 * np.maximum(lowered - raised, 0) - 2.5 * raised

    def points(self, weights: np.ndarray) -> np.ndarray:
        """Vertices of a frame in the head's frame, (V, 3) float32."""
        return self.shape + (weights @ self.model.expressions).reshape(-1, 3)

    def render(
        self,
        image: np.ndarray,
        points: np.ndarray,
        depths: np.ndarray,
        pull: float,
        view: View,
        light: Light,
    ) -> None:
        """Draw the head over a picture, in place.

        Args:
            image (np.ndarray): Background, (H, W, 3) float32, 0 to 255.
            points (np.ndarray): See :meth:`points`.
            depths (np.ndarray): Depths of the folds, (len(DRIVERS),).
            pull (float): See :meth:`pulls`.
            view (View): Pose and camera.
            light (Light): Light.
        """
        model = self.model
        height, width = image.shape[:2]
        flat, away = view.project(points)
        triangles = self._triangles(points)
        triangles = triangles[_facing(flat, triangles)]
        places, rows, weights = rasterize(flat, away, triangles, (height, width))
        if not len(places):
            return
        corners = triangles[rows]
        uv = self._uv(view, pull)
        own = np.concatenate([self._normals(points), uv], 1)
        found = own[corners[:, 0]] * weights[:, :1]
        for k in (1, 2):
            found += own[corners[:, k]] * weights[:, k : k + 1]
        normals = _unit(found[:, :3] @ view.rotation().T)
        paint_at = _look_up(self.texture, found[:, 3:])
        relief = np.tensordot(depths, self.folds, 1)
        fold = _look_up(relief, found[:, 3:])
        is_face = model.part[corners[:, 0]] <= 1
        fold = np.where(is_face, fold, 0)
        bump = np.zeros((height, width), np.float32)
        bump.ravel()[places] = fold
        slope_x = cv2.Sobel(bump, cv2.CV_32F, 1, 0).ravel()[places] * 0.125
        slope_y = cv2.Sobel(bump, cv2.CV_32F, 0, 1).ravel()[places] * 0.125
        normals[:, 0] += 1.2 * slope_x
        normals[:, 1] -= 1.2 * slope_y
        albedo = paint_at[:, :3] * (1 - 0.34 * np.clip(fold, 0, 1.3))[:, None]
        colour = shade(albedo, paint_at[:, 3], normals, light)
        image.reshape(-1, 3)[places] = colour

    def _triangles(self, points: np.ndarray) -> np.ndarray:
        """All triangles, or those without the inside of a closed mouth."""
        inner = points[self.model.landmarks[[61, 62, 63, 65, 66, 67]]]
        gaps = np.abs(inner[:3, 1] - inner[:2:-1, 1])
        return self.model.triangles if gaps.max() > 0.25 else self._closed

    def _normals(self, points: np.ndarray) -> np.ndarray:
        model = self.model
        a, b, c = (points[model.triangles[:, k]] for k in range(3))
        u, v = b - a, c - a
        faces = np.zeros((len(a) + 1, 3), np.float32)
        faces[:-1, 0] = u[:, 1] * v[:, 2] - u[:, 2] * v[:, 1]
        faces[:-1, 1] = u[:, 2] * v[:, 0] - u[:, 0] * v[:, 2]
        faces[:-1, 2] = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]
        normals = faces[model.corners[:, 0]]
        for column in range(1, 8):
            normals += faces[model.corners[:, column]]
        return _unit(normals)

    def _uv(self, view: View, pull: float) -> np.ndarray:
        """Texels of the vertices; those of the eyes follow the gaze."""
        uv = self.canvas.uv + pull * self._brow_moves
        left, up = view.gaze
        cl, sl, cu, su = np.cos(left), np.sin(left), np.cos(up), np.sin(up)
        turn = np.array([[cl, 0, sl], [0, 1, 0], [-sl, 0, cl]])
        lift = np.array([[1, 0, 0], [0, cu, su], [0, -su, cu]])
        model = self.model
        for side in (0, 1):
            chosen = model.eye_slice(side)
            points = model.vertices[chosen]
            # The first vertex is the front pole of the sphere.
            centre = points[0] - (0, 0, model.eye_radius)
            ways = (points - centre) / model.eye_radius @ (turn @ lift)
            angle = np.arccos(np.clip(ways[:, 2], -1, 1))
            across = np.hypot(ways[:, 0], ways[:, 1]) + 1e-6
            reach = np.minimum(angle / 1.5, 1.0) * 46 / across
            uv[chosen, 0] = SIZE + 47.5 + reach * ways[:, 0]
            uv[chosen, 1] = 47.5 - reach * ways[:, 1]
        return uv


def _facing(flat: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """Whether each triangle faces the camera."""
    x, y = np.ascontiguousarray(flat.T)
    a, b, c = triangles.T
    ax, ay = x[a], y[a]
    return (x[b] - ax) * (y[c] - ay) < (y[b] - ay) * (x[c] - ax)


def _brow_moves(uv: np.ndarray, marks: np.ndarray) -> np.ndarray:
    """Shift of each vertex in the texture, (V, 2), which lowers the brows by 1
    texel.
    """
    moves = np.zeros_like(uv)
    for inner, middle, outward in ((21, 19, -1), (22, 24, 1)):
        for mark, share in ((inner, 1.0), (middle, 0.6)):
            gap = ((uv - marks[mark]) ** 2).sum(1)
            near = share * np.exp(-gap / 13.0**2)[:, None]
            moves += near * np.array([0.35 * outward, -1], np.float32)
    return moves


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / (np.sqrt(np.einsum('ij,ij->i', vectors, vectors)) + 1e-9)[:, None]


def _look_up(texture: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Bilinear interpolation of a texture (H, W, C) at texels (P, 2)."""
    count = len(at)
    # cv2.remap has a limit of 32767 pixels a side.
    rows = -(-count // 256)
    padded = np.zeros((rows * 256, 2), np.float32)
    padded[:count] = at
    found = cv2.remap(  # type: ignore[call-overload]
        texture, padded.reshape(rows, 256, 2), None, cv2.INTER_LINEAR
    )
    return found.reshape(rows * 256, *texture.shape[2:])[:count]


def _hair_volume(model: FaceModel, looks: Looks) -> np.ndarray:
    """Displacement of the surface of the head by hair, (V, 3)."""
    x, y, z = model.vertices.T
    line = looks.hairline - 0.045 * x**2 * looks.hairline_round
    over = np.clip((y - line - 0.3) / 1.0, 0, 1)
    back = np.clip((y - 2) / 3, 0, 1) * np.clip((1.5 - z) / 2, 0, 1)
    amount = np.maximum(over, back) * looks.hair * looks.hair_volume
    amount = np.where(model.part <= 1, amount, 0)
    away = model.vertices - np.array([0, 3, 0], np.float32)
    away = away / np.linalg.norm(away, axis=1, keepdims=True)
    return (amount[:, None] * away).astype(np.float32)
