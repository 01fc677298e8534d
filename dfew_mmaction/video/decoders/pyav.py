"""Decoding by PyAV."""

from collections.abc import Generator, Iterator

import av
import cv2
import numpy as np

from ..container import Container, open_container, video_stream


def frames(
    container: Container,
) -> Generator[tuple[float, np.ndarray], None, None]:
    """Decode all frames; those that cannot be decoded are left out."""
    with open_container(container.path, cv2.getNumThreads()) as opened:
        stream = video_stream(opened)
        begin, tick = (opened.start_time or 0) / av.time_base, stream.time_base
        for index, frame in enumerate(decode(opened, stream)):
            stamp = frame.pts
            known = stamp is not None and tick and len(container.pts)
            seconds = stamp * tick - begin if known else container.seconds(index)
            yield float(seconds), to_array(frame)


def decode(
    opened: av.container.InputContainer, stream: av.video.stream.VideoStream
) -> Iterator[av.VideoFrame]:
    """The frames from here on; packets that cannot be decoded are skipped."""
    packets = opened.demux(stream)
    while True:
        try:
            packet = next(packets, None)
            if packet is None:
                return
            yield from packet.decode()
        except av.EOFError:
            return
        except (av.InvalidDataError, av.UndefinedError):
            continue
        except (av.FFmpegError, OSError):  # the file or the codec cannot go on
            return


def to_array(frame: av.VideoFrame, order: str = 'bgr24') -> np.ndarray:
    """Pixels of a frame, upright."""
    # Counter-clockwise, as phones store it; other decoders turn the frame themselves.
    upright = np.rot90(frame.to_ndarray(format=order), frame.rotation // 90)
    return np.ascontiguousarray(upright)
