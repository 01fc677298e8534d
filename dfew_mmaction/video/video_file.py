"""Reading videos: frame by frame, in bounded memory, by the decoder that is there."""

import re
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np

from ..utils import DecodeError, check_video_file

if TYPE_CHECKING:
    import pandas as pd

VIDEO_ENDINGS = ('.avi', '.mkv', '.mov', '.mp4', '.mpg', '.webm', '.wmv')


class VideoFile(NamedTuple):
    """An open video.

    Attributes:
        fps (float): Frames a second, 0 where the file does not say.
        frames (Iterator[numpy.ndarray]): uint8 of shape (H, W, 3) in BGR, once.
    """

    fps: float
    frames: Iterator[np.ndarray]


def open_video_file(path: str | Path, decoder: str = 'auto') -> VideoFile:
    """Open a video.

    Args:
        path (str | Path): The file.
        decoder (str): ``'decord'``, ``'pyav'``, ``'opencv'``, or ``'auto'``: the first
            of these that is installed.

    Returns:
        VideoFile: Its frames raise :class:`.DecodeError` where they cannot be decoded.

    Raises:
        DecodeError: If the file is missing, empty, cut off or no video.
        ImportError: If the decoder is not installed.
        ValueError: If there is no such decoder.
    """
    if decoder not in ('auto', *_DECODERS):
        raise ValueError(f'decoder must be auto or one of {(*_DECODERS,)}: {decoder!r}')
    if decoder == 'auto':
        decoder = next(name for name in _DECODERS if find_spec(_MODULES[name]))
    elif not find_spec(_MODULES[decoder]):
        raise ImportError(
            f'{decoder} is not installed: `pip install {_PACKAGES[decoder]}`, or take '
            "decoder='auto'"
        )
    check_video_file(path)
    return _DECODERS[decoder](Path(path))


def find_videos(paths: list[str | Path]) -> list[Path]:
    """Videos among files and, at any depth, in folders.

    Args:
        paths (list[str | Path]): Files are taken whatever their ending, folders are
            searched for :data:`VIDEO_ENDINGS`. A ``.txt`` file holds one path a line.

    Returns:
        list[Path]: Absolute, each once; by number where their names are numbers, else
        by name.

    Raises:
        FileNotFoundError: If a path is not there, or there is no video in any.
    """
    found: dict[Path, None] = {}
    for path in map(Path, paths):
        if path.suffix == '.txt' and path.is_file():
            lines = path.read_text(encoding='utf-8-sig').splitlines()
            listed = [path.parent / line.strip() for line in lines if line.strip()]
            # One that is missing gets its row in the manifest, with the error.
            found.update(dict.fromkeys(p.absolute() for p in listed))
        elif path.is_dir():
            inside = (p for p in path.rglob('*') if p.suffix.lower() in VIDEO_ENDINGS)
            found.update(dict.fromkeys(p.absolute() for p in inside if p.is_file()))
        elif path.exists():
            found[path.absolute()] = None
        else:
            raise FileNotFoundError(f"there is no video or folder '{path}'")
    if not found:
        raise FileNotFoundError(
            f'no video ({", ".join(VIDEO_ENDINGS)}) in {", ".join(map(str, paths))}'
        )

    def order(path: Path) -> tuple:
        whole = re.fullmatch(r'[0-9]+', path.stem)
        return (0, int(path.stem), str(path)) if whole else (1, 0, str(path))

    return sorted(found, key=order)


def clip_lengths(folder: str | Path) -> 'pd.Series':
    """Length of each clip of a folder, as its container states it.

    Args:
        folder (str | Path): Holds videos named by clip number, such as ``1.mp4``.

    Returns:
        pandas.Series: Seconds by clip; NaN for a file without length.
    """
    import pandas as pd  # half a second that training need not wait for

    lengths = {}
    for path in find_videos([folder]):
        if re.fullmatch(r'[0-9]+', path.stem):
            video = cv2.VideoCapture(str(path))
            fps = video.get(cv2.CAP_PROP_FPS)
            count = video.get(cv2.CAP_PROP_FRAME_COUNT)
            video.release()
            lengths[int(path.stem)] = count / fps if fps > 0 else float('nan')
    if not lengths:
        raise FileNotFoundError(
            f"no video in '{folder}' is named by its clip's number, such as 1.mp4"
        )
    return pd.Series(lengths, name='seconds').sort_index()


def _open_decord(path: Path) -> VideoFile:
    import decord

    try:
        reader = decord.VideoReader(str(path), num_threads=1)
        count, fps = len(reader), float(reader.get_avg_fps())
        cut_off = (reader.get_frame_timestamp(range(count))[:, 0] < 0).sum()
    except Exception as error:  # RuntimeError or decord's own, by its release
        raise _no_video(path, 'decord') from error

    def frames() -> Iterator[np.ndarray]:
        frame = None
        for index in range(count):
            before = frame
            try:
                frame = reader[index].asnumpy()
            except Exception as error:
                raise DecodeError(
                    f"frame {index} of '{path}' cannot be decoded"
                ) from error
            # What an edit list cuts off the start of a video, decord counts too, and
            # repeats the last frame as often.
            again = before is not None and np.array_equal(frame, before)
            if index >= count - cut_off and again:
                return
            yield cv2.cvtColor(frame, cv2.COLOR_RGB2BGR)

    return VideoFile(fps, frames())


def _open_pyav(path: Path) -> VideoFile:
    import av

    try:
        container = av.open(str(path))
        stream = container.streams.video[0]
    except (av.FFmpegError, OSError, IndexError, ValueError) as error:
        raise _no_video(path, 'PyAV') from error

    def frames() -> Iterator[np.ndarray]:
        with container:
            try:
                for frame in container.decode(stream):
                    # As phones note it, counter-clockwise; other decoders turn it.
                    upright = np.rot90(
                        frame.to_ndarray(format='bgr24'), frame.rotation // 90
                    )
                    yield np.ascontiguousarray(upright)
            except (av.FFmpegError, OSError, ValueError) as error:
                raise DecodeError(f"'{path}' cannot be decoded: {error}") from error

    return VideoFile(float(stream.average_rate or 0), frames())


def _open_opencv(path: Path) -> VideoFile:
    video = cv2.VideoCapture(str(path))
    if not video.isOpened():
        raise _no_video(path, 'OpenCV')

    def frames() -> Iterator[np.ndarray]:
        try:
            while True:
                there, frame = video.read()
                if not there:
                    return
                yield frame
        finally:
            video.release()

    return VideoFile(float(video.get(cv2.CAP_PROP_FPS)), frames())


def _no_video(path: Path, decoder: str) -> DecodeError:
    return DecodeError(f"'{path}' is no video that {decoder} reads, or has no frame")


_DECODERS: dict[str, Callable[[Path], VideoFile]] = {
    'decord': _open_decord,
    'pyav': _open_pyav,
    'opencv': _open_opencv,
}
_MODULES = {'decord': 'decord', 'pyav': 'av', 'opencv': 'cv2'}
_PACKAGES = {'decord': 'decord', 'pyav': 'av', 'opencv': 'opencv-python'}
