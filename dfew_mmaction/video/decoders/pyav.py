"""Decoding by PyAV."""

import math
from collections.abc import Generator, Iterator

import av
import cv2
import numpy as np
from av.sidedata.sidedata import Type
from av.video.reformatter import VideoReformatter

from ..container import Container, open_container, video_stream


def frames(container: Container) -> Generator[tuple[float, np.ndarray], None, None]:
    """Decode all frames; those that cannot be decoded are left out."""
    reformatter = VideoReformatter()
    with open_container(container.path, cv2.getNumThreads()) as opened:
        begin = (opened.start_time or 0) / av.time_base
        for index, frame in enumerate(as_shown(decode(opened), container.hdr)):
            if frame.time is None or not len(container.pts):
                seconds = container.seconds(index)
            else:
                seconds = frame.time - begin
            yield seconds, to_array(frame, reformatter=reformatter)


def decode(opened: av.container.InputContainer) -> Iterator[av.VideoFrame]:
    """Decode the frames from here on, without those that are known to be damaged.

    After a packet that cannot be decoded, or a frame whose damage the codec conceals,
    frames are left out up to the next keyframe, since they may refer to it.
    """
    stream = video_stream(opened)
    if stream is None:
        return
    packets, intact = opened.demux(stream), True
    while True:
        try:
            packet = next(packets, None)
            if packet is None:
                return
            for frame in packet.decode():
                intact = not frame.is_corrupt and (intact or bool(frame.key_frame))
                if intact:
                    yield frame
        except av.EOFError:
            return
        except (av.InvalidDataError, av.UndefinedError):
            intact = False
            continue
        except (av.FFmpegError, OSError):  # the rest cannot be decoded
            return


def as_shown(frames: Iterator[av.VideoFrame], hdr: bool) -> Iterator[av.VideoFrame]:
    """Convert HDR to BT.709, or deinterlace interlaced frames, as players do.

    The number of frames does not change.
    """
    graph, shape = None, None
    for frame in frames:
        if graph is None and not (frame.interlaced_frame or hdr):
            yield frame
            continue
        kind = (frame.width, frame.height, frame.format.name)
        if graph is None or shape != kind:
            yield from _end(graph)
            graph, shape = _graph(frame, hdr), kind
        graph.push(frame)
        yield from _pull(graph)
    yield from _end(graph)


def _graph(frame: av.VideoFrame, hdr: bool) -> av.filter.Graph:
    graph = av.filter.Graph()
    steps = [
        graph.add_buffer(
            width=frame.width, height=frame.height, format=frame.format.name,
            time_base=frame.time_base or av.time_base,
        )
    ]  # fmt: skip
    if hdr:
        steps.append(graph.add('scale', 'out_primaries=bt709:out_transfer=bt709'))
        steps.append(graph.add('format', 'bgr24'))
    else:
        steps.append(graph.add('bwdif', 'mode=send_frame:deint=interlaced'))
    graph.link_nodes(*steps, graph.add('buffersink')).configure()
    return graph


def _pull(graph: av.filter.Graph) -> Iterator[av.VideoFrame]:
    while True:
        try:
            yield graph.pull()
        except (av.BlockingIOError, av.EOFError):
            return


def _end(graph: av.filter.Graph | None) -> Iterator[av.VideoFrame]:
    if graph is not None:
        graph.push(None)
        yield from _pull(graph)


def to_array(
    frame: av.VideoFrame, order: str = 'bgr24', *, reformatter: VideoReformatter
) -> np.ndarray:
    """Pixels of a frame, upright.

    Args:
        frame (av.VideoFrame): The frame.
        order (str): ``'bgr24'`` or ``'rgb24'``.
        reformatter (VideoReformatter): Shared by the frames of a video: a new one for
            each frame takes five times as long.
    """
    # Counter-clockwise, as phones store it; other decoders turn the frame themselves.
    quarters, mirrored = orientation(frame)
    plain = reformatter.reformat(frame, format=order)
    upright = np.rot90(plain.to_ndarray(), quarters)
    return np.ascontiguousarray(upright[:, ::-1] if mirrored else upright)


def orientation(frame: av.VideoFrame) -> tuple[int, bool]:
    """Quarter turns counter-clockwise, then whether left and right are swapped."""
    stored = frame.side_data.get(Type.DISPLAYMATRIX)
    if stored is None:
        return 0, False
    a, b, _, c, d = np.frombuffer(bytes(stored), np.int32)[:5].tolist()
    mirrored = a * d < b * c
    angle = math.degrees(math.atan2(-b, -a if mirrored else a))
    return round(angle / 90) % 4, mirrored
