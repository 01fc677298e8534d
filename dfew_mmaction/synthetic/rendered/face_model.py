"""The morphable face model, reduced to the visible parts of a face."""

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from ...utils.arrays import load_arrays
from .obj_files import read_obj_folder

#: First vertex of each part of the public model, and the end of the last one.
PARTS = {
    'face': (0, 9409),
    'head': (9409, 11248),
    'mouth': (11248, 13294),
    'gums': (14062, 17039),
}
# Part number of the teeth, which are reduced to two strips.
_TEETH, _TEETH_PART = (17039, 21451), 4
#: Number of vertices of the public model.
NUM_VERTICES = 26719
# Left and right eyeball (sclera) of the public model.
_EYES = ((21451, 22221), (23021, 23791))
# Vertices of a part in a cell of this size in centimetres are merged.
_CELLS = {'face': 0.6, 'head': 1.3, 'mouth': 1.0, 'gums': 0.6}
# Around the facial features, no vertices are merged.
_FEATURE_DISTANCE = 0.75
_EYE_RINGS, _EYE_SPOKES, _EYE_ANGLE = 9, 20, 1.35


@dataclass(frozen=True)
class FaceModel:
    """A reduced morphable face model: F triangles over V vertices.

    Attributes:
        vertices (np.ndarray): Neutral mean face, (V, 3) float32, in centimetres; x to
            the person's left, y up, z forward.
        expressions (np.ndarray): Displacements of the 57 shapes, (57, V * 3) float32.
        expression_names (tuple[str, ...]): Their names.
        identities (np.ndarray): Displacements of the 100 modes, (100, V * 3) float32.
        triangles (np.ndarray): Vertex numbers, (F, 3) int64.
        part (np.ndarray): Part of each vertex, (V,) int64: the position in
            :data:`PARTS`, 4 for teeth, 5 and 6 for the left and the right eye.
        uv (np.ndarray): Texture coordinates of the face, (V, 2) float32, 0 to 1 with
            v downwards; those of other parts are not used.
        corners (np.ndarray): Up to eight triangles around each vertex, (V, 8) int64;
            F as a filler.
        landmarks (np.ndarray): The 68 Multi-PIE points, (68,) int64.
        eye_radius (float): Radius of an eyeball.
    """

    vertices: np.ndarray
    expressions: np.ndarray
    expression_names: tuple[str, ...]
    identities: np.ndarray
    triangles: np.ndarray
    part: np.ndarray
    uv: np.ndarray
    corners: np.ndarray
    landmarks: np.ndarray
    eye_radius: float

    def eye_slice(self, side: int) -> slice:
        """The vertices of the left (0) or the right (1) eyeball."""
        count = _EYE_RINGS * _EYE_SPOKES + 1
        start = len(self.vertices) - (2 - side) * count
        return slice(start, start + count)


@lru_cache(maxsize=2)
def load_face_model(path: str | os.PathLike) -> FaceModel:
    """Load and reduce the ICT face model.

    Args:
        path (str | os.PathLike): The packed ``ict_facekit.npz``, or the folder of the
            public OBJ files (``generic_neutral_mesh.obj``, ``identity000.obj``, …,
            and one file per expression shape).

    Returns:
        FaceModel: The reduced model.

    Raises:
        FileNotFoundError: If there is no such file or folder, or an OBJ file is
            missing.
        ValueError: If the file contains another model.
    """
    path = Path(path)
    if path.is_dir():
        return _reduce(read_obj_folder(path))
    if not path.is_file():
        raise FileNotFoundError(
            f"there is no face model '{path}': expected ict_facekit.npz or the folder "
            'of the OBJ files of ICT-FaceKit'
        )
    keys = (
        'vertices', 'quads', 'quads_uv', 'uv', 'expressions', 'expression_names',
        'identities', 'landmarks68',
    )  # fmt: skip
    data = load_arrays(path, keys)
    if data['vertices'].shape != (NUM_VERTICES, 3):
        raise ValueError(
            f"'{path}' is not the packed ICT face model: expected {NUM_VERTICES} "
            f'vertices, found an array of shape {data["vertices"].shape}'
        )
    return _reduce(data)


def _reduce(full: dict[str, np.ndarray]) -> FaceModel:
    neutral = full['vertices'].astype(np.float32)
    marks = full['landmarks68'].astype(np.int64)
    vertex_uv = np.zeros((NUM_VERTICES, 2), np.float32)
    # Borders are shared with other parts, which have other texture coordinates.
    of_face = (full['quads'] < PARTS['face'][1]).all(1)
    vertex_uv[full['quads'][of_face]] = full['uv'][full['quads_uv'][of_face]]
    kept, new_of = _join_vertices(neutral, marks)
    quads = full['quads']
    triangles = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    triangles = new_of[triangles]
    real = (triangles >= 0).all(1)
    for a, b in ((0, 1), (1, 2), (2, 0)):
        real &= triangles[:, a] != triangles[:, b]
    triangles = np.unique(triangles[real], axis=0)

    part = np.zeros(len(kept), np.int64)
    for index, (first, last) in enumerate(PARTS.values()):
        part[(kept >= first) & (kept < last)] = index
    eyes = [_eyeball(neutral, full, first, last) for first, last in _EYES]
    points, faces, sources = _teeth(neutral, full)
    vertices, parts = [neutral[kept], points], [part]
    parts.append(np.full(len(points), _TEETH_PART))
    sources = np.concatenate([kept, sources])
    expressions = [full['expressions'][:, sources].astype(np.float32)]
    identities = [full['identities'][:, sources].astype(np.float32)]
    all_triangles, count = [triangles, faces + len(kept)], len(sources)
    for side, (points, faces, moves) in enumerate(eyes):
        vertices.append(points)
        expressions.append(np.zeros((57, len(points), 3), np.float32))
        identities.append(np.repeat(moves[:, None], len(points), 1))
        parts.append(np.full(len(points), _TEETH_PART + 1 + side))
        all_triangles.append(faces + count)
        count += len(points)
    uv = np.zeros((count, 2), np.float32)
    uv[: len(kept)] = vertex_uv[kept] * (1, -1) + (0, 1)
    joined = np.concatenate(all_triangles)
    return FaceModel(
        np.concatenate(vertices),
        np.concatenate(expressions, 1).reshape(57, -1),
        tuple(map(str, full['expression_names'])),
        np.concatenate(identities, 1).reshape(100, -1),
        joined,
        np.concatenate(parts),
        uv,
        _corners(joined, count),
        new_of[marks],
        float(_sphere(neutral[slice(*_EYES[0])])[1]),
    )


def _join_vertices(neutral, marks) -> tuple[np.ndarray, np.ndarray]:
    """Kept vertices, and for each vertex its new number (-1: removed)."""
    new_of = np.full(NUM_VERTICES, -1, np.int64)
    kept: list[int] = []
    features = neutral[marks[17:]]
    for name, (first, last) in PARTS.items():
        points = neutral[first:last]
        cells = np.rint(points / _CELLS[name]).astype(np.int64)
        if name == 'face':
            gaps = np.linalg.norm(points[:, None] - features[None], axis=2).min(1)
            fine = gaps < _FEATURE_DISTANCE
            cells[fine] = np.rint(points[fine] / 0.02) + 10_000
        keys = cells @ np.array([1, 100_003, 100_003**2])
        _, place = np.unique(keys, return_inverse=True)
        place = place.ravel()
        sums = np.zeros((place.max() + 1, 3))
        np.add.at(sums, place, points)
        centres = sums / np.bincount(place)[:, None]
        gap = np.linalg.norm(points - centres[place], axis=1)
        order = np.lexsort((gap, place))
        best = order[np.unique(place[order], return_index=True)[1]]
        # Landmarks are not merged.
        inside = marks[(marks >= first) & (marks < last)] - first
        best[place[inside]] = inside
        new_of[first:last] = place + len(kept)
        kept += (best + first).tolist()
    return np.array(kept), new_of


def _teeth(neutral, full):
    """Upper and lower teeth as strips: points, triangles, and reference vertices."""
    first, last = _TEETH
    teeth = neutral[first:last]
    names = list(full['expression_names'])
    jaw = full['expressions'][names.index('jawOpen'), first:last].astype(np.float32)
    moves = np.linalg.norm(jaw, axis=1) > 0.5
    across = np.linspace(-2.3, 2.3, 19)
    points, faces, sources = [], [], []
    for lower in (False, True):
        row = np.flatnonzero(moves == lower)
        own = teeth[row]
        for x in across:
            near = own[np.abs(own[:, 0] - x) < 0.3]
            front = near[near[:, 2] > near[:, 2].max() - 0.7]
            tip = front[:, 1].max() if lower else front[:, 1].min()
            for y in (tip, tip - 0.75 if lower else tip + 0.95):
                # Behind the lips, also when these are pressed.
                points.append((x, y, near[:, 2].max() - 0.45))
                gaps = np.linalg.norm(own - points[-1], axis=1)
                sources.append(first + row[gaps.argmin()])
        start = len(points) - 2 * len(across)
        for k in range(start, len(points) - 2, 2):
            quad = (k, k + 2, k + 3, k + 1) if lower else (k, k + 1, k + 3, k + 2)
            faces += [(quad[0], quad[2], quad[1]), (quad[0], quad[3], quad[2])]
    return np.array(points, np.float32), np.array(faces), np.array(sources)


def _sphere(points: np.ndarray) -> tuple[np.ndarray, float]:
    """Fit centre and radius of a sphere to points by least squares."""
    left = np.c_[2 * points, np.ones(len(points))].astype(np.float64)
    solved = np.linalg.lstsq(left, (points.astype(float) ** 2).sum(1), rcond=None)[0]
    return solved[:3], float(np.sqrt(solved[3] + (solved[:3] ** 2).sum()))


def _eyeball(neutral, full, first, last):
    """Front of a sphere: points, triangles, and displacements of the identities."""
    centre, radius = _sphere(neutral[first:last])
    rings = _EYE_ANGLE * np.arange(1, _EYE_RINGS + 1) / _EYE_RINGS
    spokes = 2 * np.pi * np.arange(_EYE_SPOKES) / _EYE_SPOKES
    away, turn = np.meshgrid(rings, spokes, indexing='ij')
    ways = [np.sin(away) * np.cos(turn), np.sin(away) * np.sin(turn), np.cos(away)]
    directions = np.concatenate([[[0, 0, 1]], np.stack(ways, -1).reshape(-1, 3)])
    grid = 1 + np.arange(_EYE_RINGS * _EYE_SPOKES).reshape(_EYE_RINGS, _EYE_SPOKES)
    after = np.roll(grid, -1, 1)
    faces = [np.stack([np.zeros(_EYE_SPOKES, int), grid[0], after[0]], 1)]
    for ring in range(_EYE_RINGS - 1):
        a, b, c, d = grid[ring], grid[ring + 1], after[ring + 1], after[ring]
        faces += [np.stack([a, b, c], 1), np.stack([a, c, d], 1)]
    points = (centre + radius * directions).astype(np.float32)
    moves = full['identities'][:, first:last].astype(np.float32).mean(1)
    return points, np.concatenate(faces), moves


def _corners(triangles: np.ndarray, count: int) -> np.ndarray:
    """Up to eight triangles around each vertex; ``len(triangles)`` as a filler."""
    flat = triangles.ravel()
    order = np.argsort(flat, kind='stable')
    sorted_vertices = flat[order]
    rank = np.arange(len(flat)) - np.searchsorted(sorted_vertices, sorted_vertices)
    table = np.full((count, 8), len(triangles), np.int64)
    few = rank < 8
    table[sorted_vertices[few], rank[few]] = order[few] // 3
    return table
