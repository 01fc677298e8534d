"""The parts of a clip on disk: all of them, or none."""

import csv
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from ..clips.interpolation import interpolate_parts
from ..faces.detectors import Face

if TYPE_CHECKING:
    from .extract import ExtractionSettings

#: Aligned frames in memory at a time.
BATCH = 16
FACES_HEADER = ['frame', 'score', 'left', 'top', 'right', 'bottom'] + [
    f'{axis}{point}' for point in range(1, 6) for axis in 'xy'
]


def clip_paths(
    out: str | Path, clip: int, how: 'ExtractionSettings'
) -> dict[str, Path]:
    """Where the parts of a clip lie in the tree.

    Returns:
        dict[str, Path]: ``frames``, ``interpolated`` (folders), ``avi`` and ``faces``
        (files), whether they exist or not.
    """
    home, side = Path(out) / 'Clip', f'{how.size}x{how.size}'
    return dict(
        frames=home / f'clip_{side}' / f'{clip:05d}',
        interpolated=home / f'clip_{side}_{how.num_frames}f' / f'{clip:05d}',
        avi=home / f'clip_{side}_avi' / f'{clip:05d}.avi',
        faces=Path(out) / 'extraction' / 'faces' / f'{clip:05d}.csv',
    )


def write_clip(
    parts: dict[str, Path],
    clip: int,
    aligned: Iterator[np.ndarray],
    numbers: Sequence[int],
    fps: float,
    how: 'ExtractionSettings',
) -> dict[str, float]:
    """Write the frames of a clip as they come, then the clip that is interpolated.

    Args:
        parts (dict[str, Path]): Of :func:`whole_clip`.
        clip (int): Its number.
        aligned (Iterator[np.ndarray]): Aligned frames in BGR.
        numbers (Sequence[int]): Number of each in the video, from 1.
        fps (float): Frames a second, 0 where unknown.
        how (ExtractionSettings): Settings.

    Returns:
        dict[str, float]: Seconds that ``align``, the waiting for frames, and ``write``
        took.

    Raises:
        ValueError: If another number of frames comes than there are numbers.
    """
    began, aligning = time.perf_counter(), 0.0
    parts['frames'].mkdir(parents=True)
    parts['interpolated'].mkdir(parents=True)
    names = (f'{clip:05d}_{number:05d}.jpg' for number in numbers)
    avi = _open_avi(parts['avi'], how.size, fps or 25) if how.avi else None

    def written() -> Iterator[np.ndarray]:
        nonlocal aligning
        while True:
            clock = time.perf_counter()
            batch = list(islice(aligned, BATCH))
            aligning += time.perf_counter() - clock
            if not batch:
                return
            for frame, name in zip(batch, names):  # a name is taken for a frame only
                _write_frame(parts['frames'] / name, frame, how.quality)
                if avi is not None:
                    avi.write(frame)
            yield np.stack(batch)

    short = interpolate_parts(written(), len(numbers), how.num_frames)
    if avi is not None:
        avi.release()
    for number, frame in enumerate(short, start=1):
        _write_frame(parts['interpolated'] / f'{number}.jpg', frame, how.quality)
    return dict(align=aligning, write=time.perf_counter() - began - aligning)


def write_faces(path: Path, chosen: Sequence[Face | None]) -> None:
    """Write box and landmarks of each frame's face as CSV."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, 'w', newline='') as file:
        writer = csv.writer(file, lineterminator='\n')
        writer.writerow(FACES_HEADER)
        for index, face in enumerate(chosen):
            if face is not None:
                marks: Any = [] if face.landmarks is None else face.landmarks
                points = np.ravel(np.asarray(marks))
                numbers = [face.score, *face.box, *points]
                cells = [f'{float(number):.3f}' for number in numbers]
                blanks = [''] * (len(FACES_HEADER) - 1 - len(cells))
                writer.writerow([index, *cells, *blanks])


@contextmanager
def whole_clip(paths: dict[str, Path]) -> Iterator[dict[str, Path]]:
    """Give paths to write to, which take their names when all of that went well.

    Args:
        paths (dict[str, Path]): Of :func:`clip_paths`. What is there, and what a stop
            left half written, is removed.

    Yields:
        dict[str, Path]: As many paths beside them.
    """
    parts = {name: _part(path) for name, path in paths.items()}
    remove_clip(paths)
    try:
        yield parts
        for name, part in parts.items():
            if part.exists():
                part.rename(paths[name])
    except BaseException:
        remove_clip(paths)
        raise


def remove_clip(paths: dict[str, Path]) -> None:
    """Remove the parts of a clip, whole or half written."""
    for path in paths.values():
        for one in (path, _part(path)):
            if one.is_dir():
                shutil.rmtree(one)
            else:
                one.unlink(missing_ok=True)


def _part(path: Path) -> Path:
    return path.with_name(f'.part-{path.name}')


def _write_frame(path: Path, frame: np.ndarray, quality: int) -> None:
    options = [cv2.IMWRITE_JPEG_QUALITY, quality]
    path.write_bytes(cv2.imencode('.jpg', frame, options)[1].tobytes())


def _open_avi(path: Path, side: int, fps: float) -> cv2.VideoWriter:
    path.parent.mkdir(parents=True, exist_ok=True)
    kind = cv2.VideoWriter.fourcc(*'XVID')
    writer = cv2.VideoWriter(str(path), kind, fps, (side, side))
    if not writer.isOpened():
        raise OSError(f"OpenCV cannot write '{path}' with codec XVID")
    return writer
