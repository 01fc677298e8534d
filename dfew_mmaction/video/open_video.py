"""Opens any source of video: frames with their times."""

from collections.abc import Generator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import cv2
import numpy as np

from ..utils import DecodeError, list_frames
from ..utils.errors import TooManyPixelsError
from ..utils.pictures import MAX_PIXELS, read_picture
from .container import FPS, Container, inspect_container
from .decoders import DECODERS, choose_decoders
from .find_videos import is_frame_folder
from .live import address_frames, camera_frames


@runtime_checkable
class Camera(Protocol):
    """Interface of a camera, such as ``cv2.VideoCapture``."""

    def read(self) -> tuple[bool, Any]:
        """Return whether there is another frame, and the frame in BGR."""


#: What a video may be: a path (file or folder of frames), an address with ``://``, the
#: number of a camera or an object with ``read()``, or frames, uint8 of shape
#: (T, H, W, 3) in RGB.
Source = str | Path | int | np.ndarray | Camera
Frames = Generator[tuple[float, np.ndarray], None, None]


@dataclass
class Video:
    """An open video.

    Attributes:
        name (str): The path, the address, ``'camera 0'``, ``'camera'`` or ``'array'``.
        fps (float): Mean frames per second; 25 if the source does not state it.
        num_frames (int, optional): Number of frames, counted in the packets; None for
            cameras and addresses.
        rereadable (bool): Whether it can be opened again and has the same frames.
        frames (Generator[tuple[float, np.ndarray]]): Seconds from the start of the
            source, always growing, and uint8 of shape (H, W, 3) in BGR, upright, with
            square pixels. Once.
        decoder (str): Name of the decoder, empty where none is needed.
        codec (str): As FFmpeg names it, such as ``'h264'``; empty where unknown.
        damage (str): For a file that is cut off or damaged, a sentence that says so;
            complete after the last frame. Empty otherwise.
    """

    name: str
    fps: float
    num_frames: int | None
    rereadable: bool
    frames: Frames
    decoder: str = ''
    codec: str = ''
    damage: str = ''

    def close(self) -> None:
        """Release the source before the last frame."""
        self.frames.close()


def open_video(
    source: Source,
    decoder: str = 'auto',
    *,
    fps: float = FPS,
    allow_damaged: bool = False,
) -> Video:
    """Open a video; memory holds a few frames at a time.

    ::

        file ──► file_checks ──► container ──► decoders ─┐
                 special, cut    times, codec  pixels    ├─► Video: times, frames
        folder of frames, array, camera, address ────────┘

    The times are those that a player shows: the time stamp of each frame less the start
    of the file. A variable frame rate does not shift them, nor does a picture that
    starts after the sound. Frames that an edit list hides are left out. The pictures
    are those that a player shows too: upright, deinterlaced, HDR converted, with square
    pixels.

    Args:
        source: See :data:`Source`.
        decoder (str): For files: a name of :data:`.DECODERS`, or ``'auto'``: the first
            of those installed that reads the codec. Defaults to ``'auto'``.
        fps (float): Frames per second of folders and arrays. Defaults to 25.
        allow_damaged (bool): Whether to read the intact frames of a truncated or
            damaged file, and describe the damage in ``damage``. Defaults to False.

    Returns:
        Video: Its frames raise :class:`.DecodeError` if fewer frames can be decoded
        than the file contains, unless ``allow_damaged``.

    Raises:
        DecodeError: If the source is missing, empty, damaged, special or no video, or
            no decoder reads its codec.
        ImportError: If the decoder is not installed.
        ValueError: If there is no such decoder, or an array has another shape or type.
    """
    if isinstance(source, np.ndarray):
        return _open_array(source, fps)
    if isinstance(source, int) or not isinstance(source, (str, Path)):
        name, frames = camera_frames(source)
        return Video(name, FPS, None, False, frames)
    if '://' in str(source):
        rate, codec, frames = address_frames(str(source))
        return Video(str(source), rate, None, False, frames, 'pyav', codec)
    if Path(source).is_dir():
        return _open_folder(Path(source), fps)
    return _open_file(Path(source), choose_decoders(decoder), allow_damaged)


def _open_array(source: np.ndarray, fps: float) -> Video:
    if source.dtype != np.uint8 or source.ndim != 4 or source.shape[3] != 3:
        raise ValueError(
            'expected frames as uint8 of shape (T, H, W, 3) in RGB, got '
            f'{source.dtype} of shape {source.shape}'
        )
    frames = (
        (index / fps, cv2.cvtColor(frame, cv2.COLOR_RGB2BGR))
        for index, frame in enumerate(source)
    )
    return Video('array', fps, len(source), True, frames)


def _open_folder(path: Path, fps: float) -> Video:
    names = list_frames(path)
    if names and not is_frame_folder(path):
        raise DecodeError(f"'{path}' is a folder of videos: pass them, one by one")
    if not names:
        raise DecodeError(
            f"'{path}' has no frame (.jpg, .png) whose name ends in its number"
        )
    frames = (
        (index / fps, read_picture(path / name)) for index, name in enumerate(names)
    )
    return Video(str(path), fps, len(names), True, frames)


def _open_file(path: Path, decoders: list[str], allow_damaged: bool) -> Video:
    container = inspect_container(path)
    if container.damage and not allow_damaged:
        raise DecodeError(container.damage)
    if not container.num_frames:
        raise DecodeError(container.damage or f"'{path}' has no frame")
    tried = []
    for name in decoders:
        problem = DECODERS[name].problem(container)
        tried.append(f'{name} ({problem})' if problem else name)
        frames = DECODERS[name].frames(container)
        first = None if problem else next(frames, None)
        if first is not None:
            break
    else:
        if 0 in container.pixels.size:
            raise TooManyPixelsError(
                f"'{path}': no frame can be decoded, or the frames have more than "
                f'{MAX_PIXELS / 1e6:.0f} million pixels'
            )
        raise DecodeError(
            f"'{path}': {container.codec} video cannot be decoded by "
            f'{" or ".join(tried)}. Use the decoder auto with PyAV installed (`pip '
            'install av`), or convert the file: `ffmpeg -i IN -c:v libx264 OUT.mp4`'
        )
    video = Video(
        str(path), container.fps, container.num_frames, True, _nothing(), name,
        container.codec, container.damage,
    )  # fmt: skip
    video.frames = _checked(video, container, first, frames, allow_damaged)
    return video


def _nothing() -> Frames:
    yield from ()


def _checked(
    video: Video, container: Container, first: tuple, rest: Frames, allow_damaged: bool
) -> Frames:
    """The frames with growing times; a shortage of them is damage."""
    count, last = 0, -np.inf
    try:
        for seconds, frame in chain([first], rest):
            # Some containers have a time twice; the start is known to a microsecond.
            last = max(seconds, 0.0) if seconds > last else last + 1e-3
            count += 1
            yield last, container.pixels.squared(frame)
    finally:
        rest.close()
    if count < container.num_frames and not video.damage:
        video.damage = (
            f"'{video.name}' is damaged: {count} of {container.num_frames} frames "
            'can be decoded'
        )
        if not allow_damaged:
            raise DecodeError(video.damage)
