"""CSV files of the faces of a video: written by the extraction, read by a detector."""

import csv
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ...utils import read_columns, read_rows
from ...utils.text import read_number
from .base import Face, ordered_landmarks

POINTS = [f'{axis}{i}' for i in range(1, 6) for axis in 'xy']
#: The k-th shot of video n is clip n + k times this.
SHOT_STEP = 1_000_000
#: Positions are below this, in pixels.
MAX_PIXEL = 1e6
#: Columns of files by other programs.
LANDMARKS_HEADER = ['frame', *POINTS]
#: Columns of the files that this package writes. The points are empty for a face
#: without landmarks.
FACES_HEADER = ['frame', 'score', 'left', 'top', 'right', 'bottom', *POINTS]


def read_video_numbers(path: str | Path) -> dict[str, int]:
    """Read the numbers of the videos of an extraction: ``extraction/videos.csv``.

    Returns:
        dict[str, int]: Number by absolute path.

    Raises:
        ValueError: If it is another file. The message names file and row.
    """
    numbers = {}
    for where, (clip, video) in read_columns(path, ['clip', 'video']):
        if not (clip.isascii() and clip.isdigit()):
            raise ValueError(f'{where}: expected the number of a video, found {clip!r}')
        numbers[video] = int(clip)
    return numbers


def write_faces(path: Path, faces: Sequence[Face | None], start: int = 0) -> None:
    """Write box and landmarks of the face of each frame.

    Args:
        path (Path): The CSV; its folder is created.
        faces (Sequence[Face | None]): One per frame, None for a frame without a face.
        start (int): Number of the first frame in the video. Defaults to 0.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, 'w', newline='') as file:
        writer = csv.writer(file, lineterminator='\n')
        writer.writerow(FACES_HEADER)
        for index, face in enumerate(faces, start):
            if face is not None:
                numbers = [face.score, *face.box]
                if face.landmarks is not None:
                    numbers += np.ravel(face.landmarks).tolist()
                cells = [f'{float(number):.3f}' for number in numbers]
                blanks = [''] * (len(FACES_HEADER) - 1 - len(cells))
                writer.writerow([index, *cells, *blanks])


def read_faces(path: str | Path) -> dict[int, list[Face]]:
    """Read the faces of one video.

    Args:
        path (str | Path): A CSV with :data:`FACES_HEADER` or :data:`LANDMARKS_HEADER`;
            a UTF-8 byte-order mark is allowed. Several rows of a frame are several
            faces. Without a box in the file, :func:`box_of_landmarks` gives it, and
            the score is 1.

    Returns:
        dict[int, list[Face]]: Number of the frame, from 0, to its faces.

    Raises:
        ValueError: For another header, another number of cells, or a cell that is not a
            number. The message names file and row, as a text editor counts them.
    """
    faces: dict[int, list[Face]] = {}
    (line, header), *rows = read_rows(path)
    header = [cell.strip() for cell in header]
    if header not in (LANDMARKS_HEADER, FACES_HEADER):
        raise ValueError(
            f'{path}, row {line}: expected the header '
            f"'{','.join(LANDMARKS_HEADER)}' or "
            f"'{','.join(FACES_HEADER)}', found '{','.join(header)}'"
        )
    for number, row in rows:
        cells = [cell.strip() for cell in row]
        frame, face = _read_row(cells, header, f'{path}, row {number}')
        faces.setdefault(frame, []).append(face)
    return faces


def _read_row(cells: list[str], header: list[str], where: str) -> tuple[int, Face]:
    if len(cells) != len(header):
        raise ValueError(f'{where}: expected {len(header)} cells, found {len(cells)}')
    if not (cells[0].isascii() and cells[0].isdigit()):
        raise ValueError(f'{where}: expected a frame from 0, found {cells[0]!r}')
    boxes = header == FACES_HEADER
    if boxes and not any(cells[6:]):
        header, cells = header[:6], cells[:6]
    values = [
        _number(cell, f'{where}, {name}') for name, cell in zip(header[1:], cells[1:])
    ]
    points = None
    if len(values) >= 10:
        points = ordered_landmarks(np.reshape(values[-10:], (5, 2)))
    if boxes:
        face = Face(np.array(values[1:5], np.float32), values[0], points)
    else:
        assert points is not None
        face = Face(box_of_landmarks(points), 1.0, points)
    return int(cells[0]), face


def _number(cell: str, where: str) -> float:
    try:
        value = read_number(cell)
    except ValueError:
        value = math.nan
    if not abs(value) < MAX_PIXEL:
        raise ValueError(f'{where}: expected a number, found {cell!r}')
    return value


def box_of_landmarks(points: np.ndarray) -> np.ndarray:
    """Estimate the box of a face from its five points.

    The box around the points is enlarged by shares of its longer side, which also suits
    faces in profile: more above the eyes than below the mouth. The shares approximate
    MTCNN's boxes.

    Args:
        points (np.ndarray): Of shape (5, 2), in pixels.

    Returns:
        np.ndarray: x1, y1, x2, y2, of shape (4,), float32.

    Examples:
        >>> points = np.array([[0, 0], [10, 0], [5, 5], [1, 10], [9, 10]], np.float32)
        >>> box_of_landmarks(points).tolist()
        [-5.0, -10.0, 15.0, 16.0]
    """
    low, high = points.min(axis=0), points.max(axis=0)
    side = (high - low).max()
    return np.concatenate(
        [
            low - side * np.array([0.5, 1], np.float32),
            high + side * np.array([0.5, 0.6], np.float32),
        ]
    ).astype(np.float32)
