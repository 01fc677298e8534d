"""Frames with their times, from whatever OpenCV opens: files, cameras, addresses."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np

from ..utils import DecodeError, check_video_file, list_frames

#: What a video may be: a path (file or folder of frames), an address with ``://``,
#: the number of a camera, or frames, uint8 of shape (T, H, W, 3) in RGB.
Source = str | Path | int | np.ndarray
#: Frames a second of what does not say: folders of frames, arrays, some cameras.
FPS = 25.0
#: How playlists begin, from which FFmpeg would open whatever they name.
LISTS = (b'#EXTM3U', b'ffconcat', b'<?xml', b'<MPD', b'v=0')


class Stream(NamedTuple):
    """An open source of frames.

    Attributes:
        name (str): The path, the address, ``'camera 0'`` or ``'array'``.
        fps (float): Frames a second, as the source states it.
        num_frames (int): As the source states it; 0 where it does not say.
        again (bool): Whether it can be opened a second time and be the same.
        frames (Iterator[tuple[float, numpy.ndarray]]): Seconds from the start, always
            growing, and uint8 of shape (H, W, 3) in BGR, upright.
    """

    name: str
    fps: float
    num_frames: int
    again: bool
    frames: Iterator[tuple[float, np.ndarray]]


def open_stream(source: Source, fps: float = FPS) -> Stream:
    """Open a source of frames. One frame at a time is in memory.

    The times are those that the file gives each frame, so that a variable frame rate
    does not shift them; a camera's are those of the clock. A rotation that the file
    asks for, as of videos by telephones, is done.

    Args:
        source: See :data:`Source`.
        fps (float): Frames a second of folders and arrays. Defaults to 25.

    Returns:
        Stream: Its frames raise :class:`.DecodeError` where there is none.

    Raises:
        DecodeError: If it is missing, empty or cannot be decoded.
        ValueError: If an array has another shape or type.
    """
    if isinstance(source, np.ndarray):
        if source.dtype != np.uint8 or source.ndim != 4 or source.shape[3] != 3:
            raise ValueError(
                'expected frames as uint8 of shape (T, H, W, 3) in RGB, got '
                f'{source.dtype} of shape {source.shape}'
            )
        given = (cv2.cvtColor(frame, cv2.COLOR_RGB2BGR) for frame in source)
        return Stream('array', fps, len(source), True, _at(given, fps))
    if isinstance(source, int):
        return _open(source, f'camera {source}', live=True)
    if '://' in str(source):
        return _open(str(source), str(source), live=True)
    path = Path(source)
    if path.is_dir():
        names = list_frames(path)
        if not names:
            raise DecodeError(f"'{path}' has no frame (.jpg, .png) whose name ends in "
                              'its number')  # fmt: skip
        pictures = (_read_picture(path / name) for name in names)
        return Stream(str(path), fps, len(names), True, _at(pictures, fps))
    check_video_file(path)
    with open(path, 'rb') as file:
        head = file.read(64).lstrip()
    if head.startswith(LISTS):
        raise DecodeError(
            f"'{path}' is a list of other files or addresses and no video: give "
            'those instead'
        )
    return _open(str(path), str(path), live=False)


def _at(frames: Iterator[np.ndarray], fps: float) -> Iterator[tuple[float, np.ndarray]]:
    for index, frame in enumerate(frames):
        yield index / fps, frame


def _read_picture(path: Path) -> np.ndarray:
    picture = cv2.imread(str(path))
    if picture is None:
        raise DecodeError(f"'{path}' is no picture that OpenCV reads, or is cut off")
    return picture


def _open(source: str | int, name: str, live: bool) -> Stream:
    kind = cv2.CAP_ANY if isinstance(source, int) else cv2.CAP_FFMPEG
    video = cv2.VideoCapture(source, kind)
    there, first = video.read() if video.isOpened() else (False, None)
    if not there:
        video.release()
        raise DecodeError(f"'{name}' is no video that OpenCV reads, or has no frame")
    stated = float(video.get(cv2.CAP_PROP_FPS))
    fps = stated if 0 < stated < 1000 else FPS
    count = 0 if live else max(int(video.get(cv2.CAP_PROP_FRAME_COUNT)), 0)
    begin = time.monotonic()

    def now() -> float:
        if isinstance(source, int):
            return time.monotonic() - begin
        return video.get(cv2.CAP_PROP_POS_MSEC) / 1000

    def frames() -> Iterator[tuple[float, np.ndarray]]:
        frame: Any = first
        there, last = True, -1 / fps
        try:
            while there:
                seconds = now()
                # Some containers have no times, and some have one twice.
                last = seconds if seconds > last else last + 1 / fps
                yield last, frame
                there, frame = video.read()
        finally:
            video.release()

    return Stream(name, fps, count, not live, frames())
