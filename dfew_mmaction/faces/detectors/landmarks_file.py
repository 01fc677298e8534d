"""Landmarks that another program found, from one CSV for each video."""

import csv
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from .base import DETECTORS, Face, FaceDetector, check_frames, ordered_landmarks

HEADER = ['frame', *(f'{axis}{i}' for i in range(1, 6) for axis in 'xy')]


@DETECTORS.register_module('landmarks_file')
class LandmarksFile(FaceDetector):
    """Reads the faces of each video from ``<folder>/<stem of the video>.csv``.

    The columns are ``frame,x1,y1,...,x5,y5``: the frame from 0, then eye, eye, nose,
    mouth corner, mouth corner in pixels, in each pair either first. Several rows of a
    frame are several faces, in the order of the file; a frame without rows has none.
    All scores are 1.

    ``open`` starts a video at frame 0, and each call of ``detect`` goes on where the
    last one ended; the frames are counted, not looked at.

    Args:
        folder (str | Path): Folder of the CSVs.

    Raises:
        FileNotFoundError: If the folder is not there, or by ``open`` if it has no CSV
            for the video.
        ValueError: By ``open``, for a CSV that is not as described.
        RuntimeError: By ``detect``, if no video was opened.
    """

    needs_all_frames = True

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        if not self.folder.is_dir():
            raise FileNotFoundError(f'the folder of landmarks {folder} is not there')
        self._faces: dict[int, list[Face]] | None = None
        self._next = 0

    def open(self, video: str | Path) -> None:
        self._faces = None  # detect() must not go on with the video before
        path = self.folder / f'{Path(video).stem}.csv'
        if not path.is_file():
            raise FileNotFoundError(
                f'there are no landmarks of {video}: {path} is missing'
            )
        self._faces = read_landmarks_csv(path)
        self._next = 0

    def detect(self, frames: Sequence[np.ndarray]) -> list[list[Face]]:
        check_frames(frames)
        if self._faces is None:
            raise RuntimeError('LandmarksFile.open(video) comes before its frames')
        numbers = range(self._next, self._next + len(frames))
        self._next = numbers.stop
        return [list(self._faces.get(number, ())) for number in numbers]


def read_landmarks_csv(path: str | Path) -> dict[int, list[Face]]:
    """Read the landmarks of one video.

    Args:
        path (str | Path): The CSV; a UTF-8 byte-order mark is allowed.

    Returns:
        dict[int, list[Face]]: Frame from 0 to its faces.

    Raises:
        ValueError: For another header, another number of cells, or a cell that is no
            number. The message names file and row, as a text editor counts them.
    """
    faces: dict[int, list[Face]] = {}
    with open(path, encoding='utf-8-sig', newline='') as file:
        reader = csv.reader(file)
        header = [cell.strip() for cell in next(reader, [])]
        if header != HEADER:
            raise ValueError(
                f"{path}, row 1: expected the header '{','.join(HEADER)}', found "
                f"'{','.join(header)}'"
            )
        for row in reader:
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            where = f'{path}, row {reader.line_num}'
            if len(cells) != len(HEADER):
                raise ValueError(
                    f'{where}: expected {len(HEADER)} cells, found {len(cells)}'
                )
            if not (cells[0].isascii() and cells[0].isdigit()):
                raise ValueError(
                    f'{where}: expected a frame from 0, found {cells[0]!r}'
                )
            values = [
                _number(cell, f'{where}, {name}')
                for name, cell in zip(HEADER[1:], cells[1:])
            ]
            points = ordered_landmarks(np.reshape(values, (5, 2)))
            face = Face(box_of_landmarks(points), 1.0, points)
            faces.setdefault(int(cells[0]), []).append(face)
    return faces


def _number(cell: str, where: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(f'{where}: expected a number of pixels, found {cell!r}')
    return value


def box_of_landmarks(points: np.ndarray) -> np.ndarray:
    """Estimate the box of a face from its five points.

    The box around the points is enlarged by shares of its longer side, which a face
    turned aside keeps: more above the eyes than below the mouth. The shares are about
    those between MTCNN's boxes and points.

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
    )
