"""Decoding by PyAV."""

from collections.abc import Generator, Iterator

import av
import cv2
import numpy as np

from ..container import Container, open_container, video_stream


def frames(container: Container) -> Generator[tuple[float, np.ndarray], None, None]:
    """Decode all frames; those that cannot be decoded are left out."""
    with open_container(container.path, cv2.getNumThreads()) as opened:
        begin = (opened.start_time or 0) / av.time_base
        for index, frame in enumerate(decode(opened)):
            if frame.time is None or not len(container.pts):
                yield container.seconds(index), to_array(frame)
            else:
                yield frame.time - begin, to_array(frame)


def decode(opened: av.container.InputContainer) -> Iterator[av.VideoFrame]:
    """Decode the frames from here on; skip packets that cannot be decoded."""
    stream = video_stream(opened)
    if stream is None:
        return
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
        except (av.FFmpegError, OSError):  # the rest cannot be decoded
            return


def to_array(frame: av.VideoFrame, order: str = 'bgr24') -> np.ndarray:
    """Pixels of a frame, upright."""
    # Counter-clockwise, as phones store it; other decoders turn the frame themselves.
    upright = np.rot90(frame.to_ndarray(format=order), frame.rotation // 90)
    return np.ascontiguousarray(upright)
