"""Reads the public OBJ files of ICT-FaceKit."""

from pathlib import Path

import numpy as np

_NEUTRAL = 'generic_neutral_mesh.obj'
_NUM_IDENTITIES = 100

#: Vertices of the 68 Multi-PIE points.
LANDMARKS68 = (
    1225, 1888, 1052, 367, 1719, 1722, 2199, 1447, 966, 3661, 4390, 3927, 3924,
    2608, 3272, 4088, 3443, 268, 493, 1914, 2044, 1401, 3615, 4240, 4114, 2734,
    2509, 978, 4527, 4942, 4857, 1140, 2075, 1147, 4269, 3360, 1507, 1542, 1537,
    1528, 1518, 1511, 3742, 3751, 3756, 3721, 3725, 3732, 5708, 5695, 2081, 0, 4275,
    6200, 6213, 6346, 6461, 5518, 5957, 5841, 5702, 5711, 5533, 6216, 6207, 6470,
    5517, 5966,
)  # fmt: skip


def read_obj_folder(folder: Path) -> dict[str, np.ndarray]:
    """Read the model from its OBJ files.

    Args:
        folder (Path): Folder of ``generic_neutral_mesh.obj``, ``identity000.obj`` to
            ``identity099.obj`` and one file per expression shape.

    Returns:
        dict[str, np.ndarray]: The arrays of the packed file, by the same names.

    Raises:
        FileNotFoundError: If a file is missing.
        ValueError: If a file has another number of vertices than the neutral mesh.
    """
    neutral = folder / _NEUTRAL
    if not neutral.is_file():
        raise FileNotFoundError(f"'{folder}' contains no {_NEUTRAL} of ICT-FaceKit")
    vertices, uv, quads, quads_uv = _read_mesh(neutral)
    names = sorted(p.stem for p in folder.glob('*.obj') if _is_expression(p.stem))
    people = [f'identity{number:03d}' for number in range(_NUM_IDENTITIES)]

    def moves(stem: str) -> np.ndarray:
        path = folder / f'{stem}.obj'
        if not path.is_file():
            raise FileNotFoundError(f"the face model lacks '{path}'")
        moved = _read_vertices(path.read_bytes())
        if moved.shape != vertices.shape:
            raise ValueError(
                f"'{path}' has {len(moved)} vertices, {_NEUTRAL} has {len(vertices)}"
            )
        return moved - vertices

    return {
        'vertices': vertices,
        'uv': uv,
        'quads': quads,
        'quads_uv': quads_uv,
        'expressions': np.stack([moves(name) for name in names]),
        'expression_names': np.array(names),
        'identities': np.stack([moves(name) for name in people]),
        'landmarks68': np.array(LANDMARKS68),
    }


def _is_expression(stem: str) -> bool:
    return not stem.startswith(('identity', 'generic'))


def _read_vertices(content: bytes) -> np.ndarray:
    rows = [line[2:] for line in content.splitlines() if line.startswith(b'v ')]
    values = np.array(b' '.join(rows).split(), np.float32)
    return values.reshape(len(rows), -1)[:, :3]


def _read_mesh(path: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    lines = path.read_bytes().splitlines()
    uv = [line.split()[1:3] for line in lines if line.startswith(b'vt ')]
    corners = []
    for line in lines:
        if line.startswith(b'f '):
            face = [tuple(map(int, c.split(b'/')[:2])) for c in line.split()[1:5]]
            corners.append(face if len(face) == 4 else [*face, face[-1]])
    faces = np.array(corners, np.int32) - 1
    vertices = _read_vertices(b'\n'.join(lines))
    return vertices, np.array(uv, np.float32), faces[..., 0], faces[..., 1]
