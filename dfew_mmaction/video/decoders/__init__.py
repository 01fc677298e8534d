"""Decoders: each turns a video file into frames.

==========  =======================================  ================================
name        reads                                    package
==========  =======================================  ================================
``pyav``    all codecs of FFmpeg, deinterlaces, HDR  ``av``
``decord``  no AV1, no MPEG streams (ts, mpg)        ``decord``, ``eva-decord`` on Arm
``opencv``  no AV1                                   ``opencv-python``
==========  =======================================  ================================

Only PyAV reads files with several video streams, and what is in HDR, interlaced or
stored mirrored: :mod:`.only_pyav`.

A decoder yields the time in seconds and the frame, uint8 of shape (H, W, 3) in BGR,
upright. It skips frames that it cannot decode, or stops at them, without an error:
:func:`dfew_mmaction.video.open_video` counts the frames.
"""

from collections.abc import Callable, Generator
from importlib.util import find_spec
from typing import NamedTuple

import numpy as np

from ..container import Container
from . import decord, opencv, pyav
from .only_pyav import frame_problem

Frames = Generator[tuple[float, np.ndarray], None, None]


class Decoder(NamedTuple):
    """An entry of :data:`DECODERS`.

    Attributes:
        module (str): What it imports.
        package (str): What ``pip`` installs.
        frames (Callable): From a :class:`.Container` to its frames.
        problem (Callable): Why it does not read a file, empty if it may.
    """

    module: str
    package: str
    frames: Callable[[Container], Frames]
    problem: Callable[[Container], str]

    @property
    def is_installed(self) -> bool:
        """Whether its module can be imported."""
        try:
            return find_spec(self.module) is not None
        except ValueError:  # a module that was blocked
            return False


#: By name, in the order in which ``'auto'`` tries them.
DECODERS: dict[str, Decoder] = {
    'pyav': Decoder('av', 'av', pyav.frames, lambda _: ''),
    'decord': Decoder('decord', 'decord', decord.frames, frame_problem),
    'opencv': Decoder('cv2', 'opencv-python', opencv.frames, frame_problem),
}


def choose_decoders(name: str) -> list[str]:
    """The decoders to try for a name of :data:`DECODERS` or ``'auto'``.

    Raises:
        ImportError: If the decoder is not installed.
        ValueError: If there is no such decoder.
    """
    if name == 'auto':
        return [key for key, decoder in DECODERS.items() if decoder.is_installed]
    if name not in DECODERS:
        raise ValueError(f'decoder must be auto or one of {(*DECODERS,)}, got {name!r}')
    if not DECODERS[name].is_installed:
        raise ImportError(
            f'the decoder {name} is not installed: `pip install '
            f"{DECODERS[name].package}`, or use decoder='auto'"
        )
    return [name]
