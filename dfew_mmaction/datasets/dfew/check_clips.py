"""Checks of each clip of a copy of DFEW."""

import os
from pathlib import Path

import numpy as np

from ...utils import DecodeError, list_frames
from ...utils.pictures import picture_size
from ...video import check_video_file, open_video
from ..transforms import DecodeFaceFrames
from .layout import FRAME_SOURCES

#: Side of the aligned frames, and frames of the short clips.
SIDE, SHORT = 224, 16

#: Kinds of problems of a clip.
KINDS = {
    'missing': 'are in a list but not on disk',
    'empty': 'have no frame, or an empty file',
    'unreadable': 'are truncated or broken',
    'order': 'have frames whose order is ambiguous',
    'size': f'have frames that are not {SIDE} x {SIDE}',
    'short': f'do not have {SHORT} frames',
}


def check_clip(task: tuple[str, str, bool]) -> tuple[int, dict[str, str]]:
    """Check one clip.

    Args:
        task (tuple[str, str, bool]): Path of its folder or video, its source, and
            whether to decode it; otherwise only names and sizes of files and headers of
            videos are checked.

    Returns:
        tuple: Number of frames (0 if unknown), and descriptions of the problems by
        kind.
    """
    path, source, verify = task
    if source in FRAME_SOURCES:
        return _check_frames(path, source, verify)
    return _check_video(path, source, verify)


def _check_frames(folder: str, source: str, verify: bool) -> tuple[int, dict[str, str]]:
    try:
        names = list_frames(folder)
    except ValueError as error:
        return 0, {'order': str(error)}
    if not names:
        return 0, {'empty': folder}
    found: dict[str, str] = {}
    paths = [os.path.join(folder, name) for name in names]
    for path in paths:
        if not os.path.exists(path):  # a broken link
            found.setdefault('unreadable', f'{path} (a broken link)')
        elif not os.path.getsize(path):
            found.setdefault('empty', path)
        elif verify and (problem := _check_picture(path)):
            found.setdefault(*problem)
    if source == '16f' and len(names) != SHORT:
        found['short'] = f'{folder} ({len(names)} frames)'
    return len(names), found


def _check_picture(path: str) -> tuple:
    try:
        height, width = picture_size(path, path)
        DecodeFaceFrames().transform(dict(frame_paths=[path], frame_inds=np.array([0])))
    except (DecodeError, OSError, ValueError) as error:
        return 'unreadable', f'{path} ({error})'
    return () if height == width == SIDE else ('size', f'{path} ({width} x {height})')


def _check_video(path: str, source: str, verify: bool) -> tuple[int, dict[str, str]]:
    if not os.path.getsize(path):
        return 0, {'empty': path}
    try:
        check_video_file(path)
        if not verify:
            return 0, {}
        shapes = [frame.shape[:2] for _, frame in open_video(path).frames]
    except (DecodeError, OSError) as error:
        return 0, {'unreadable': f'{path} ({str(error).splitlines()[0][:200]})'}
    for height, width in set(shapes):
        if source == 'video' and (width, height) != (SIDE, SIDE):
            return len(shapes), {'size': f'{path} ({width} x {height})'}
    return len(shapes), {}


def check_many(tasks: list[tuple[str, str, bool]]) -> list[tuple]:
    """Call :func:`check_clip` on each; one task of a worker."""
    return [check_clip(task) for task in tasks]


def number_of(path: str) -> int:
    """Clip number in the name of a folder or video."""
    return int(Path(path).stem)
