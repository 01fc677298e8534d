"""Extraction of the clips of one video."""

import time
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from threadpoolctl import threadpool_limits

from ..faces.alignment import align_face
from ..faces.detectors import FaceDetector, build_detector
from ..faces.detectors.face_files import write_faces
from ..utils import DecodeError
from ..video import open_video
from .clip_files import clip_paths, complete_clip, remove_clip, write_clip
from .manifest import empty_row
from .numbering import shot_number
from .settings import ExtractionSettings
from .shots import Shot, detect_faces, frames_of, make_shots

#: Errors that stop the run, since the video does not cause them.
FATAL = (ImportError, MemoryError, PermissionError)
#: Least number of frames of a clip: the shortest clip of DFEW has 11.
MIN_SHOT = 11


# One thread, because the number of threads affects rounding and therefore pixels: trees
# of the same videos must be equal.
@threadpool_limits.wrap(limits=1)
def extract_video(video: str, number: int, out: str, settings: str) -> list[dict]:
    """Detect, track and align the face of a video, and write its clips.

    The video is read twice, first to find the faces, then to align them, so that memory
    holds few frames. On return, all files of a clip are on disk, or none.

    Args:
        video (str): The video.
        number (int): Its number.
        out (str): Root of the tree.
        settings (str): :class:`ExtractionSettings` as JSON.

    Returns:
        list[dict]: Rows of the manifest, one per video or shot, with
        ``seconds`` by ``detect`` (with decoding), ``align`` (with decoding) and
        ``write``. A video that cannot be read, or whose faces cannot be found or
        aligned, is a row with ``error``.
    """
    chosen = ExtractionSettings.from_json(settings)
    row = empty_row(video, number)
    remove_clip(clip_paths(out, number, chosen))
    clock = time.perf_counter()
    try:
        opened = open_video(video, chosen.decoder)
        found = detect_faces(opened.frames, video, _detector(settings))
        if not found.faces:
            raise DecodeError(f"'{video}' has no frame")
        shots = make_shots(found, split=chosen.on_cuts == 'split')
        again = open_video(video, chosen.decoder)
    except FATAL:
        raise
    except Exception as error:  # decoders and detectors raise various errors
        return [row | dict(error=_message(video, error))]
    row |= dict(fps=round(opened.fps, 3), decoder=opened.decoder)
    row['seconds'] = dict(detect=time.perf_counter() - clock)
    numbered = enumerate(frame for _, frame in again.frames)
    rows = []
    for shot in shots:
        rows.append(_extract_shot(shot, row, numbered, out, chosen))
        row = row | dict(seconds={})  # counted once
    again.close()
    return rows


def _extract_shot(
    shot: Shot,
    row: dict[str, Any],
    frames: Iterator[tuple[int, np.ndarray]],
    out: str,
    settings: ExtractionSettings,
) -> dict[str, Any]:
    """Write one clip; returns its row."""
    clip = shot_number(row['clip'], shot.number)
    row = row | dict(
        clip=clip, shot=shot.number, start=shot.start, frames=len(shot.chosen),
        useful=shot.useful, faces=shot.most_faces, cuts=shot.cuts, jumps=shot.jumps,
    )  # fmt: skip
    if reason := _reason_to_drop(shot, settings):
        return row | dict(reason=reason)
    numbers = [i for i, face in enumerate(shot.chosen, shot.start + 1) if face]
    aligned = (
        align_face(frame, face, settings.size, margin=settings.margin)
        for frame, face in frames_of(shot, frames)
    )
    try:
        with complete_clip(clip_paths(out, clip, settings)) as parts:
            seconds = write_clip(
                parts, clip, aligned, numbers=numbers, fps=row['fps'], settings=settings
            )
            write_faces(parts['faces'], shot.chosen, shot.start)
    except (DecodeError, ValueError, cv2.error) as error:
        # Not OSError: a full disk is not an error of the video.
        return row | dict(error=_message(row['video'], error))
    return row | dict(kept=True, seconds=row['seconds'] | seconds)


def _reason_to_drop(shot: Shot, settings: ExtractionSettings) -> str:
    total = len(shot.chosen)
    if settings.on_cuts == 'drop' and shot.cuts:
        return (
            f'{shot.cuts + 1} shots, cut one after the other; --on-cuts split makes a '
            'clip of each'
        )
    if shot.number and total < MIN_SHOT:
        return f'a shot of {total} frames, fewer than {MIN_SHOT}'
    if not shot.useful or shot.useful < settings.min_useful * total:
        return (
            f'a face in {shot.useful} of {total} frames, fewer than '
            f'{settings.min_useful:.0%}'
        )
    return ''


def _message(video: str, error: Exception) -> str:
    if isinstance(error, DecodeError):
        return str(error)
    return f"'{video}': {str(error).strip() or type(error).__name__}"


@lru_cache(maxsize=1)
def _detector(settings: str) -> FaceDetector:
    """Detector of this process, which is loaded once because that is slow."""
    return build_detector(ExtractionSettings.from_json(settings).detector)
