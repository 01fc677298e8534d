"""Single frames of a video file by their number, for training."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.reformatter import VideoReformatter

from ..utils import DecodeError
from .container import Container, inspect_container, open_container, video_stream
from .decoders import choose_decoders
from .decoders.decord import open_decord
from .decoders.pyav import decode, to_array


def open_reader(path: str | Path, decoder: str = 'auto', num_threads: int = 1) -> Any:
    """Open a video file for access to single frames.

    Args:
        path (str | Path): The file.
        decoder (str): ``'pyav'``, also called ``'auto'``, or ``'decord'``, which does
            not notice damage that a codec conceals. Defaults to ``'auto'``.
        num_threads (int): Threads of the decoder. Defaults to 1.

    Returns:
        decord.VideoReader | PyAVReader: Both have ``len``, ``get_batch`` and the other
        methods that MMAction2's ``DecordDecode`` calls.

    Raises:
        DecodeError: If the file is missing, empty, damaged, special or no video, or
            the decoder does not read its codec.
        ImportError: If the decoder is not installed.
        ValueError: If there is no such decoder.
    """
    if decoder == 'opencv':
        raise ValueError("decoder must be 'auto', 'decord' or 'pyav', got 'opencv'")
    choose_decoders(decoder)
    container = inspect_container(path)
    if container.damage:
        raise DecodeError(container.damage)
    if not container.num_frames:
        raise DecodeError(f"'{path}' has no frame")
    if decoder != 'decord':
        return PyAVReader(container, num_threads)
    reader, problem = open_decord(container, num_threads)
    if container.pixels.aspect != 1:
        reader, problem = None, 'its pixels are not square'
    if reader is None or len(reader) != container.num_frames:
        problem = problem or f'it counts {len(reader)}, not {container.num_frames}'
        raise DecodeError(
            f"'{path}': {container.codec} video cannot be read by decord ({problem}). "
            "Use decoder='auto'"
        )
    return reader


#: A keyframe that is at most so many frames ahead is not sought.
NEAR = 3


class PyAVReader:
    """Reads frames by number with PyAV; the interface is that of decord.

    Args:
        container (Container): The file.
        num_threads (int): Threads of the decoder.

    Raises:
        DecodeError: If it has no time stamps, or is in HDR.
    """

    def __init__(self, container: Container, num_threads: int = 1) -> None:
        self._container, self._threads = container, num_threads
        self._next, self._reformatter = 0, VideoReformatter()
        problem = 'is in HDR' if container.hdr else ''
        if not len(container.pts):
            problem = 'has no time stamps to find frames by'
        if problem:
            raise DecodeError(
                f"'{container.path}' {problem}: convert it by tools/data/"
                'extract_faces.py, or to H.264 in SDR'
            )

    def __len__(self) -> int:
        return self._container.num_frames

    def __getitem__(self, index: int) -> 'Pixels':
        return Pixels(self.get_batch([index]).asnumpy()[0])

    def get_avg_fps(self) -> float:
        """Mean frames per second."""
        return self._container.fps

    def get_key_indices(self) -> list[int]:
        """Numbers of the keyframes."""
        return np.flatnonzero(
            np.isin(self._container.pts, self._container.keys)
        ).tolist()

    def seek(self, index: int) -> None:
        """Move to this frame."""
        self._next = int(index)

    def next(self) -> 'Pixels':
        """The next frame."""
        frame, self._next = self[self._next], self._next + 1
        return frame

    def get_batch(self, indices: Any) -> 'Pixels':
        """Read frames by number, in the given order; numbers may be repeated.

        Args:
            indices (Sequence[int]): From 0; negative ones count from the end.

        Returns:
            Pixels: uint8 of shape (n, H, W, 3) in RGB.

        Raises:
            DecodeError: If a frame cannot be decoded.
            IndexError: If there is no such frame.
        """
        places = [range(len(self))[int(index)] for index in np.ravel(indices)]
        stamps = self._container.pts
        wanted = sorted({int(stamps[place]) for place in places})
        found: dict[int, np.ndarray] = {}
        try:
            with open_container(self._container.path, self._threads) as opened:
                self._collect(opened, wanted, found)
            # Seeking is not exact in all containers: try again from the start.
            if left := [stamp for stamp in wanted if stamp not in found]:
                with open_container(self._container.path, self._threads) as opened:
                    for stamp, frame in _stamped(opened):
                        if stamp in left:
                            found[stamp] = self._pixels(frame)
                        if stamp >= left[-1]:
                            break
        except (av.FFmpegError, OSError) as error:
            raise DecodeError(
                f"'{self._container.path}' cannot be decoded ({error})"
            ) from error
        missing = [place for place in places if int(stamps[place]) not in found]
        if missing:
            raise DecodeError(
                f"frame {missing[0]} of '{self._container.path}' "
                f'({self._container.codec}) cannot be decoded'
            )
        return Pixels(np.stack([found[int(stamps[place])] for place in places]))

    def _is_far(self, stamp: int, key: int) -> bool:
        """Whether seeking a keyframe is faster than decoding from a frame to it."""
        places = np.searchsorted(self._container.pts, [stamp, key])
        return places[1] - places[0] > NEAR

    def _pixels(self, frame: av.VideoFrame) -> np.ndarray:
        array = to_array(frame, 'rgb24', reformatter=self._reformatter)
        return self._container.pixels.squared(array)

    def _collect(
        self,
        opened: av.container.InputContainer,
        wanted: list[int],
        found: dict[int, np.ndarray],
    ) -> None:
        """Decode the frames with these time stamps, from the keyframe before each."""
        stream, keys, left = video_stream(opened), self._container.keys, wanted
        while left:
            group = np.searchsorted(keys, left[0], side='right')
            if len(left) < len(wanted) or group > 1:
                opened.seek(int(keys[group - 1]) if group else 0, stream=stream)
            missing = len(left)
            for stamp, frame in _stamped(opened):
                if stamp in left:
                    found[stamp] = self._pixels(frame)
                    left = [other for other in left if other > stamp]
                if not left:
                    break
                # Seek the next keyframe instead of decoding the frames before it.
                further = np.searchsorted(keys, left[0], side='right')
                if further > group and self._is_far(stamp, keys[further - 1]):
                    break
            if len(left) == missing:  # nothing more can be decoded
                return


def _stamped(
    opened: av.container.InputContainer,
) -> Iterator[tuple[int, av.VideoFrame]]:
    return ((frame.pts, frame) for frame in decode(opened) if frame.pts is not None)


class Pixels:
    """An array behind decord's ``asnumpy``."""

    def __init__(self, array: np.ndarray) -> None:
        self._array = array

    def asnumpy(self) -> np.ndarray:
        """The array."""
        return self._array
