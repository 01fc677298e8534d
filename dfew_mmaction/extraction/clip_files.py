"""The files of a clip: all of them are on disk, or none."""

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import cv2
import numpy as np

from ..clips.interpolation import interpolate_parts
from .settings import ExtractionSettings

#: Aligned frames in memory at a time.
BATCH = 16


def clip_paths(
    out: str | Path, clip: int, settings: ExtractionSettings
) -> dict[str, Path]:
    """Paths of the files of a clip in the tree.

    Returns:
        dict[str, Path]: ``frames``, ``interpolated`` (folders), ``avi`` and ``faces``
        (files), whether they exist or not.
    """
    home, side = Path(out) / 'Clip', f'{settings.size}x{settings.size}'
    return dict(
        frames=home / f'clip_{side}' / f'{clip:05d}',
        interpolated=home / f'clip_{side}_{settings.num_frames}f' / f'{clip:05d}',
        avi=home / f'clip_{side}_avi' / f'{clip:05d}.avi',
        faces=Path(out) / 'extraction' / 'faces' / f'{clip:05d}.csv',
    )


def write_clip(
    parts: dict[str, Path],
    clip: int,
    aligned: Iterator[np.ndarray],
    *,
    numbers: Sequence[int],
    fps: float,
    settings: ExtractionSettings,
) -> dict[str, float]:
    """Write the frames of a clip as they arrive, then the interpolated clip.

    Args:
        parts (dict[str, Path]): Temporary paths of :func:`complete_clip`.
        clip (int): Its number.
        aligned (Iterator[np.ndarray]): Aligned frames in BGR.
        numbers (Sequence[int]): Number of each frame in the video, from 1.
        fps (float): Frames per second.
        settings (ExtractionSettings): Settings.

    Returns:
        dict[str, float]: Seconds spent on ``align`` (waiting for frames) and ``write``.

    Raises:
        ValueError: If the number of frames is not that of ``numbers``.
    """
    began, aligning = time.perf_counter(), 0.0
    parts['frames'].mkdir(parents=True)
    parts['interpolated'].mkdir(parents=True)
    names = (f'{clip:05d}_{number:05d}.jpg' for number in numbers)
    avi = _open_avi(parts['avi'], settings.size, fps) if settings.avi else None

    def written() -> Iterator[np.ndarray]:
        nonlocal aligning
        while True:
            clock = time.perf_counter()
            batch = list(islice(aligned, BATCH))
            aligning += time.perf_counter() - clock
            if not batch:
                return
            for frame, name in zip(batch, names):  # zip needs one name per frame
                _write_frame(parts['frames'] / name, frame, settings.quality)
                if avi is not None:
                    avi.write(frame)
            yield np.stack(batch)

    short = interpolate_parts(written(), len(numbers), settings.num_frames)
    if avi is not None:
        avi.release()
    for number, frame in enumerate(short, start=1):
        _write_frame(parts['interpolated'] / f'{number}.jpg', frame, settings.quality)
    return dict(align=aligning, write=time.perf_counter() - began - aligning)


@contextmanager
def complete_clip(paths: dict[str, Path]) -> Iterator[dict[str, Path]]:
    """Provide temporary paths that are renamed when all files are written.

    Args:
        paths (dict[str, Path]): Paths of :func:`clip_paths`. Existing files and those
            of an interrupted run are removed.

    Yields:
        dict[str, Path]: The temporary paths, by the same names.
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
    """Remove the files of a clip, complete or partly written."""
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
