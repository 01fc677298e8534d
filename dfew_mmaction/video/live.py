"""Frames of cameras and addresses, which can be read only once."""

import time
from collections.abc import Generator
from typing import Any

import av
import cv2
import numpy as np
from av.video.reformatter import VideoReformatter

from ..utils import DecodeError
from ..utils.pictures import MAX_PIXELS
from .container import FPS, is_hdr, limit_pixels, pixel_shape, video_stream
from .decoders.pyav import as_shown, decode, to_array

#: Schemes of addresses. A playlist that comes from one cannot name local files.
SCHEMES = ('http', 'https', 'rtmp', 'rtmps', 'rtp', 'rtsp', 'rtsps', 'srt', 'udp')
_PROTOCOLS = (*SCHEMES, 'crypto', 'hls', 'httpproxy', 'tcp', 'tls')
#: Timeout in seconds for opening an address and for reading a packet.
TIMEOUT = (20.0, 20.0)

Frames = Generator[tuple[float, np.ndarray], None, None]


def camera_frames(camera: Any) -> tuple[str, Frames]:
    """Name and frames of a camera; the times are those of the clock.

    Args:
        camera: Its number, or an object with ``read()`` as of ``cv2.VideoCapture``.

    Raises:
        DecodeError: If there is no such camera, or it has no frame.
        ValueError: If it is not a camera.
    """
    name = f'camera {camera}' if isinstance(camera, int) else 'camera'
    if isinstance(camera, int):
        camera = cv2.VideoCapture(camera)
    elif not hasattr(camera, 'read'):
        raise ValueError(
            'expected a path, an address, an array, the number of a camera or an '
            f'object with read(), got {type(camera).__name__}'
        )
    begin = time.monotonic()
    found, first = camera.read()
    if not found:
        _release(camera)
        raise DecodeError(f"'{name}' does not exist, is in use, or gives no frame")

    def frames() -> Frames:
        seconds, frame, found = time.monotonic() - begin, first, True
        try:
            while found:
                yield seconds, frame
                found, frame = camera.read()
                # Two frames may have the same clock time.
                seconds = max(time.monotonic() - begin, seconds + 1e-6)
        finally:
            _release(camera)

    return name, frames()


def _release(camera: Any) -> None:
    if hasattr(camera, 'release'):
        camera.release()


def address_frames(address: str) -> tuple[float, str, Frames]:
    """Frames per second, codec and frames of an address.

    Raises:
        DecodeError: If it cannot be opened or has no video.
    """
    scheme = address.partition('://')[0].lower()
    if scheme not in SCHEMES:
        raise DecodeError(
            f"'{address}' cannot be opened: expected an address that begins with "
            f'{", ".join(SCHEMES)}, or a path'
        )
    try:
        opened = av.open(
            address, timeout=TIMEOUT, metadata_errors='replace',
            options={
                'protocol_whitelist': ','.join(_PROTOCOLS),
                'max_pixels': str(MAX_PIXELS),
            },
        )  # fmt: skip
    except (av.FFmpegError, OSError, ValueError) as error:
        reason = getattr(error, 'strerror', None) or error
        raise DecodeError(f"'{address}' cannot be opened ({reason})") from error
    frames = _address_frames(opened)
    first = next(frames, None)
    if first is None:
        raise DecodeError(f"'{address}' has no video that can be decoded")
    rate, codec, _, _ = first
    return rate, codec, _without_header(first, frames)


def _address_frames(
    opened: av.container.InputContainer,
) -> Generator[tuple, None, None]:
    with opened:
        stream = video_stream(opened)
        if stream is None:
            return
        limit_pixels(opened)
        stated = float(stream.average_rate or stream.guessed_rate or 0)
        fps = stated if 0 < stated < 1000 else FPS
        codec = stream.codec_context.codec.canonical_name
        begin, last = opened.start_time, -1 / fps
        pixels, reformatter = pixel_shape(stream), VideoReformatter()
        for frame in as_shown(decode(opened), is_hdr(stream)):
            seconds = None if frame.pts is None else float(frame.time)
            if begin is None and seconds is not None:
                begin = seconds * av.time_base
            if seconds is not None:
                seconds -= begin / av.time_base
            last = seconds if seconds is not None and seconds > last else last + 1 / fps
            array = to_array(frame, reformatter=reformatter)
            yield fps, codec, last, pixels.squared(array)


def _without_header(first: tuple, rest: Generator[tuple, None, None]) -> Frames:
    try:
        yield first[2:]
        for one in rest:
            yield one[2:]
    finally:
        rest.close()
