"""Texture of a face, painted in the texture coordinates of the model."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from .face_model import PARTS, FaceModel
from .looks import Looks
from .part_textures import SWATCHES, paint_parts, step
from .raster import rasterize

#: Side of the square that holds the face, in texels.
SIZE = 320
#: Width of the complete texture; the other parts are to the right of the face.
WIDTH = SIZE + 96


@dataclass(frozen=True)
class Canvas:
    """Data that all textures share.

    Attributes:
        position (np.ndarray): Position of each texel on the neutral face, (SIZE, SIZE,
            3) float32, in centimetres.
        marks (np.ndarray): Texels of the 68 landmarks, (68, 2) float32.
        uv (np.ndarray): Texels of the vertices, (V, 2) float32.
    """

    position: np.ndarray
    marks: np.ndarray
    uv: np.ndarray

    def lines(self, lines: list[np.ndarray], width: float, blur: float) -> np.ndarray:
        """Draw soft lines: (SIZE, SIZE) float32, 0 to 1."""
        image = np.zeros((SIZE, SIZE), np.uint8)
        for line in lines:
            points = np.int32(np.rint(line * 16))
            thick = max(1, round(width))
            cv2.polylines(image, [points], False, 255, thick, cv2.LINE_AA, 4)
        return _blurred(image, blur)

    def area(self, corners: np.ndarray, blur: float) -> np.ndarray:
        """Fill a soft polygon: (SIZE, SIZE) float32, 0 to 1."""
        image = np.zeros((SIZE, SIZE), np.uint8)
        points = np.int32(np.rint(corners * 16))
        cv2.fillPoly(image, [points], 255, cv2.LINE_AA, 4)
        return _blurred(image, blur)


def _blurred(image: np.ndarray, blur: float) -> np.ndarray:
    side = 2 * round(1.7 * blur) + 1
    return cv2.stackBlur(image, (side, side)).astype(np.float32) / 255


@lru_cache(maxsize=2)
def _canvas(key: int, holder: tuple) -> Canvas:
    model = holder[0]
    uv = model.uv * (SIZE - 1)
    face = model.part == 0
    triangles = model.triangles[face[model.triangles].all(1)]
    places, rows, weights = rasterize(
        uv, np.zeros(len(uv), np.float32), triangles, (SIZE, SIZE)
    )
    position = np.full((SIZE * SIZE, 3), (0, -20, 0), np.float32)
    corners = model.vertices[triangles[rows]]
    position[places] = (corners * weights[..., None]).sum(1)
    return Canvas(
        position.reshape(SIZE, SIZE, 3), uv[model.landmarks], _all_uv(model, uv)
    )


class _Holder(tuple):
    """Cache key of a model, which has no hash."""

    def __hash__(self) -> int:
        return id(self[0])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, tuple) and self[0] is other[0]


def canvas_of(model: FaceModel) -> Canvas:
    """Canvas of a model, made once."""
    return _canvas(id(model), _Holder((model,)))


def _all_uv(model: FaceModel, face_uv: np.ndarray) -> np.ndarray:
    """Texels of all vertices; those of the eyes depend on the gaze and are set
    later.
    """
    uv = face_uv.copy()
    for index, name in enumerate((*PARTS, 'teeth')):
        if name == 'face':
            continue
        chosen = model.part == index
        points = model.vertices[chosen]
        first, last = SWATCHES[name]
        across = (points[:, 0] - points[:, 0].min()) / np.ptp(points[:, 0])
        down = (points[:, 1].max() - points[:, 1]) / np.ptp(points[:, 1])
        if name == 'teeth':  # per row: first the tips, then the gum line
            down = np.tile([0.0, 1.0], len(points) // 2)
        uv[chosen] = np.c_[
            SIZE + 4 + 84 * across, first + 3 + (last - first - 6) * down
        ]
    return uv


def paint(model: FaceModel, looks: Looks, rng: np.random.Generator) -> np.ndarray:
    """Paint the texture of a person.

    Args:
        model (FaceModel): The face model.
        looks (Looks): Colours, hair, beard and age of the person.
        rng (np.random.Generator): Draws details: pores, spots, strokes.

    Returns:
        np.ndarray: Shape (SIZE, WIDTH, 4), float32: blue, green, red (0 to 255) and
        gloss (0 to 1).
    """
    canvas = canvas_of(model)
    skin = _skin(canvas, looks, rng)
    _lips(canvas, looks, skin)
    _eye_area(canvas, looks, skin)
    _nostrils(canvas, skin)
    _beard(canvas, looks, skin, rng)
    _brows(canvas, looks, skin, rng)
    hair = _hair(canvas, looks, rng)
    skin += hair[..., None] * (_hair_colour(looks, rng) - skin)
    texture = np.zeros((SIZE, WIDTH, 4), np.float32)
    texture[:, :SIZE, :3] = skin
    texture[:, :SIZE, 3] = looks.gloss * (1 - 0.6 * hair)
    paint_parts(texture[:, SIZE:], looks, rng)
    return texture


def noise(rng: np.random.Generator, grain: float) -> np.ndarray:
    """Smooth noise over the face, (SIZE, SIZE) float32, deviation about 1."""
    side = max(4, int(SIZE / grain))
    coarse = rng.standard_normal((side, side), np.float32)
    return cv2.resize(coarse, (SIZE, SIZE), interpolation=cv2.INTER_CUBIC)


def _skin(canvas, looks, rng):
    x, y, _ = np.moveaxis(canvas.position, 2, 0)
    tone = np.array(looks.skin, np.float32)
    skin = np.empty((SIZE, SIZE, 3), np.float32)
    skin[:] = tone
    red = np.array([-0.1, -0.06, 0.05], np.float32) * looks.redness
    cheeks = np.exp(-(((np.abs(x) - 4.6) / 2.2) ** 2) - ((y - 0.3) / 2.0) ** 2)
    nose = np.exp(-((x / 1.5) ** 2) - ((y - 0.8) / 1.6) ** 2)
    skin *= 1 + (cheeks + 0.8 * nose)[..., None] * red
    mottled = 0.03 * noise(rng, 28) + looks.roughness * noise(rng, 4)
    skin *= 1 + mottled[..., None]
    if looks.freckles:
        spots = np.clip(noise(rng, 3.2) - 1.5, 0, 1)
        spots *= np.exp(-(((y - 1.2) / 3.2) ** 2)) * looks.freckles
        skin *= 1 - spots[..., None] * np.array([0.5, 0.42, 0.3], np.float32)
    return skin


def _lips(canvas, looks, skin):
    m = canvas.marks
    outer = m[[48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59]]
    lips = canvas.area(outer, 1.6)
    colour = np.array(looks.skin, np.float32) * np.array(looks.lips, np.float32)
    skin += (0.85 * lips)[..., None] * (colour - skin)
    # The rims of the lips, where they touch.
    centre = m[[60, 61, 62, 63, 64]]
    seam = canvas.lines([centre, m[[60, 67, 66, 65, 64]]], 1, 1.2)
    skin *= 1 - (0.35 * seam)[..., None]


def _eye_area(canvas, looks, skin):
    for first, upper, lower in ((36, (36, 37, 38, 39), (36, 41, 40, 39)),
                                (42, (42, 43, 44, 45), (42, 47, 46, 45))):  # fmt: skip
        points = canvas.marks[first : first + 6]
        centre = points.mean(0)
        shade = canvas.area(centre + 1.8 * (points - centre), 7)
        tint = np.array([0.8, 1, 1], np.float32)
        skin *= 1 - (looks.eye_shade * shade)[..., None] * tint
        lash = canvas.lines([canvas.marks[list(upper)]], 2, 0.9)
        skin *= 1 - np.clip(looks.lashes * 1.3 * lash, 0, 0.9)[..., None]
        lash = canvas.lines([canvas.marks[list(lower)]], 1, 0.9)
        skin *= 1 - np.clip(looks.lashes * 0.7 * lash, 0, 0.8)[..., None]
        # The fold of the upper lid.
        fold = np.array([0, -4.2 * looks.lid_fold], np.float32)
        lid = canvas.marks[list(upper)] + fold
        skin *= 1 - (0.3 * looks.lid_depth * canvas.lines([lid], 1, 1.1))[..., None]


def _nostrils(canvas, skin):
    sides = [(canvas.marks[a] + canvas.marks[b]) / 2 for a, b in ((31, 32), (34, 35))]
    holes = [np.stack([side + (0, -3), side + (0, -2)]) for side in sides]
    skin *= 1 - (0.6 * np.clip(canvas.lines(holes, 4, 1.8), 0, 1))[..., None]


def _brows(canvas, looks, skin, rng):
    for points, outward in ((canvas.marks[17:22], -1), (canvas.marks[22:27], 1)):
        curve = points[::-1] if outward < 0 else points  # from the nose outwards
        along = np.linspace(0, 4, 22)
        x, y = (np.interp(along, range(5), curve[:, k]) for k in range(2))
        y = y + looks.brow_shift + looks.brow_arch * np.sin(along / 4 * np.pi)
        y = y + looks.brow_tilt * (along / 2 - 1)
        x = x + outward * looks.brow_gap * (1 - along / 4)
        width = looks.brow_width * np.interp(along, [0, 0.4, 2, 4], [0.75, 1, 0.9, 0.3])
        lines = []
        for _ in range(2):
            at = rng.uniform(-0.5, 0.5, len(along)) * width
            start = np.c_[x, y + at]
            lean = np.c_[
                outward * rng.uniform(3, 6, len(along)), rng.uniform(-3, 1, len(along))
            ]
            lines += list(np.stack([start, start + lean], 1))
        body = np.concatenate([np.c_[x, y - width / 2], np.c_[x, y + width / 2][::-1]])
        brow = 0.75 * canvas.area(body, 1.4) + 0.5 * canvas.lines(lines, 1, 0.6)
        brow = np.clip(looks.brow_dark * brow, 0, 0.95)
        skin += brow[..., None] * (np.array(looks.brow_colour, np.float32) - skin)


def _beard(canvas, looks, skin, rng):
    if not looks.beard:
        return
    x, y, z = np.moveaxis(canvas.position, 2, 0)
    low = step((-2.0 - y + 0.35 * (np.abs(x) - 3)) / 1.2)
    lip = np.exp(-(((y + 1.9) / 0.5) ** 2)) * (np.abs(x) < 2.6)
    where = {'full': np.maximum(low, lip), 'moustache': lip,
             'goatee': np.maximum(lip, low) * (np.abs(x) < 2.4)}  # fmt: skip
    area = where[looks.beard_kind] * step((y + 13) / 3) * step((z - 2) / 2)
    area = cv2.GaussianBlur(area.astype(np.float32), (0, 0), 2)
    lips = canvas.area(canvas.marks[48:60], 1.5)
    area *= (1 - lips) * np.clip(0.8 + 0.3 * noise(rng, 3), 0, 1.2)
    skin += (looks.beard * area)[..., None] * (
        np.array(looks.hair_colour, np.float32) - skin
    )


def _hair(canvas, looks, rng):
    x, y, z = np.moveaxis(canvas.position, 2, 0)
    line = looks.hairline - 0.045 * x**2 * looks.hairline_round + 0.35 * noise(rng, 9)
    top = step((y - line) / 0.8)
    side = step((np.abs(x) - 6.6) / 0.5) * step((y - looks.sideburn) / 0.8)
    side *= step((4.2 - z) / 1.0)
    return looks.hair * np.maximum(top, side).astype(np.float32)


def _hair_colour(looks, rng):
    strands = cv2.resize(
        rng.standard_normal((12, 90), np.float32), (SIZE, SIZE),
        interpolation=cv2.INTER_LINEAR,
    )  # fmt: skip
    return (
        np.array(looks.hair_colour, np.float32)
        * np.clip(1 + 0.2 * strands, 0.4, 1.8)[..., None]
    )
