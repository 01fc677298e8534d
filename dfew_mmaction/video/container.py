"""What a video file holds, from its packets; nothing is decoded."""

import math
from dataclasses import dataclass, field
from pathlib import Path

import av
import cv2
import numpy as np

from ..utils import DecodeError
from ..utils.pictures import MAX_PIXELS, check_pixels
from .file_checks import check_readable, is_picture, truncation

#: Frames per second of what does not state it: folders of frames, arrays, some files.
FPS = 25.0
#: Containers that FFmpeg may open. Those that are missing refer to other files
#: (playlists), or make a video of any file (text).
FORMATS = (
    'apng', 'asf', 'avi', 'dv', 'flv', 'gif', 'h264', 'hevc', 'ivf', 'm4v', 'matroska',
    'mov', 'mp4', 'mpeg', 'mpegts', 'mpegvideo', 'mxf', 'nut', 'obu', 'ogg', 'rm',
    'webm', 'wtv', 'yuv4mpegpipe',
)  # fmt: skip
#: Bit of a stream's disposition: the cover of a piece of music.
ATTACHED_PICTURE = 0x400
#: Transfer characteristics of HDR videos: PQ (SMPTE ST 2084) and HLG.
_HDR = (16, 18)
#: For :func:`av.open` of a file.
OPTIONS = {
    'format_whitelist': ','.join(FORMATS),
    'protocol_whitelist': 'file',
    'max_pixels': str(MAX_PIXELS),
}


@dataclass(frozen=True)
class PixelShape:
    """Shape of the pixels of a video, which are not square in old cameras and DVDs.

    Attributes:
        aspect (float): Width of a pixel divided by its height.
        size (tuple[int, int]): Width and height of the stored frames in pixels; (0, 0)
            if they are too many, or not known before decoding.
    """

    aspect: float = 1.0
    size: tuple[int, int] = (0, 0)

    def squared(self, frame: np.ndarray) -> np.ndarray:
        """Resize an upright frame so that its pixels are square, as a player does."""
        if self.aspect == 1:
            return frame
        height, width = frame.shape[:2]
        turned = (height, width) == self.size and height != width
        aspect = 1 / self.aspect if turned else self.aspect
        wide, high = round(width * max(aspect, 1)), round(height / min(aspect, 1))
        return cv2.resize(frame, (wide, high), interpolation=cv2.INTER_LINEAR)


def pixel_shape(stream: av.VideoStream) -> PixelShape:
    """Shape of the pixels of a stream; implausible values are taken as square."""
    aspect = float(stream.sample_aspect_ratio or 1)
    if not 0.25 <= aspect <= 4 or abs(aspect - 1) < 0.005:
        aspect = 1.0
    return PixelShape(aspect, (stream.width, stream.height))


@dataclass(frozen=True)
class Container:
    """A video file.

    Attributes:
        path (Path): Absolute.
        format (str): Of the container as FFmpeg names it, such as ``'avi'``.
        codec (str): As FFmpeg names it, such as ``'h264'``.
        fps (float): Mean frames per second.
        times (np.ndarray): Seconds of each frame that a player shows, from the start
            of the file, growing, shape (n,). The picture may start after the sound.
        damage (str): What is wrong with the file as a sentence, else empty.
        pts (np.ndarray): Time stamps of the frames, int64 of shape (n,), in units of
            the stream; empty where the file has none.
        keys (np.ndarray): Those of the keyframes, sorted.
        pixels (PixelShape): Shape of the stored pixels.
        num_streams (int): Video streams in the file.
        hdr (bool): Whether its brightness is coded by PQ or HLG.
    """

    path: Path
    format: str
    codec: str
    fps: float
    times: np.ndarray
    damage: str = ''
    pts: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    keys: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    pixels: PixelShape = PixelShape()
    num_streams: int = 1
    hdr: bool = False

    @property
    def num_frames(self) -> int:
        """Frames that a player shows, counted."""
        return len(self.times)

    def seconds(self, index: int) -> float:
        """Time of a frame; extrapolated at the mean rate after the last one."""
        last = len(self.times) - 1
        if index <= last:
            return float(self.times[index])
        return float(self.times[-1] if last >= 0 else 0) + (index - last) / self.fps


def inspect_container(path: str | Path) -> Container:
    """Read the packets of a video file, about 0.005 ms each.

    Args:
        path (str | Path): The file.

    Returns:
        Container: A file that is cut off is one with ``damage``, if its frames can be
        counted at all.

    Raises:
        DecodeError: If the file is missing, empty, special, a playlist or no video, or
            its frames are too large.
    """
    check_readable(path)
    cut, place = truncation(path), Path(path).absolute()
    no_video = 'is not a video (expected a file such as mp4, mkv or avi)'
    if is_picture(path):
        cut, no_video = '', no_video.replace('not', 'a picture, not', 1)
    try:
        with open_container(place) as container:
            stream = video_stream(container)
            if stream is None:
                raise DecodeError(f"'{path}' has no video, only other streams")
            check_pixels(path, stream.width, stream.height)
            packets = _Packets(container, stream)
            kind = container.format.name
            codec = stream.codec_context.codec.canonical_name
            hdr = is_hdr(stream)
            begin = (container.start_time or 0) / av.time_base
            tick = stream.time_base or 0
            stated = stream.average_rate or stream.guessed_rate or 0
            pixels, num_streams = pixel_shape(stream), len(_video_streams(container))
    except (av.FFmpegError, OSError, ValueError) as error:
        raise DecodeError(f"'{path}' {cut or no_video}") from error
    pts, count = packets.shown()
    seconds = pts * float(tick) - begin
    fps = _rate(float(stated), seconds)
    if len(pts) < count:
        seconds, pts = np.arange(count) / fps, pts[:0]
    if not cut and packets.broken:
        cut = f'is damaged ({packets.broken})'
    damage = f"'{path}' {cut}" if cut else ''
    return Container(
        place, kind, codec, fps, seconds, damage, pts, packets.keys(), pixels,
        num_streams, hdr,
    )  # fmt: skip


def open_container(path: Path, num_threads: int = 1) -> av.container.InputContainer:
    """Open a file whose name may hold a colon, and nothing that it refers to."""
    opened = av.open(f'file:{path}', options=OPTIONS, metadata_errors='replace')
    for stream in opened.streams.video:
        stream.codec_context.thread_count = num_threads
    limit_pixels(opened)
    return opened


def limit_pixels(opened: av.container.InputContainer) -> None:
    """Have the decoders refuse frames that are larger than the header declares."""
    for stream in opened.streams.video:
        stream.codec_context.options = {'max_pixels': str(MAX_PIXELS)}


def video_stream(
    container: av.container.InputContainer,
) -> av.VideoStream | None:
    """The video stream that a player shows, or None."""
    streams = _video_streams(container)
    best = container.streams.best('video')
    return best if best in streams else next(iter(streams), None)


def is_hdr(stream: av.VideoStream) -> bool:
    """Whether the brightness of a stream is coded by PQ or HLG."""
    return stream.codec_context.color_trc in _HDR


def _video_streams(
    container: av.container.InputContainer,
) -> list[av.VideoStream]:
    """The video streams of a container, without cover pictures of music."""
    return [
        stream
        for stream in container.streams.video
        if not stream.disposition.value & ATTACHED_PICTURE
    ]


class _Packets:
    """The packets of the video stream of a container.

    Attributes:
        broken (str): What went wrong while they were read, else empty.
    """

    def __init__(
        self,
        container: av.container.InputContainer,
        stream: av.VideoStream,
    ) -> None:
        self.broken = ''
        self._found: list[tuple[int | None, bool, bool]] = []
        vp8 = stream.codec_context.codec.canonical_name == 'vp8'
        try:
            for packet in container.demux(stream):
                if not packet.size:  # the one that flushes the decoder
                    continue
                if packet.is_corrupt:
                    self.broken = f'packet {len(self._found)} is not complete'
                # The reference frames of VP8 that are never shown.
                hidden = vp8 and not bytes(packet)[0] & 16
                shown = not (packet.is_discard or hidden)
                self._found.append((packet.pts, packet.is_keyframe, shown))
        except (av.FFmpegError, OSError) as error:
            self.broken = str(error)

    def keys(self) -> np.ndarray:
        """Time stamps of the keyframes."""
        stamps = [pts for pts, key, _ in self._found if key and pts is not None]
        return np.sort(np.array(stamps, np.int64))

    def shown(self) -> tuple[np.ndarray, int]:
        """Sorted time stamps of the frames that can be shown, and their number.

        A recording that was begun in the middle of a broadcast starts with frames that
        refer to others before it.
        """
        places = [i for i, (_, key, _) in enumerate(self._found) if key]
        after = self._found[places[0] :] if places else self._found
        first = after[0][0] if after else None
        stamps, count = [], 0
        for pts, _, shown in after:
            leading = pts is not None and first is not None and pts < first
            if shown and not leading:
                count += 1
                stamps += [pts] if pts is not None else []
        return np.sort(np.array(stamps, np.int64)), count


def _rate(stated: float, seconds: np.ndarray) -> float:
    if not 0 < stated < 1000 and len(seconds) > 1 and seconds[-1] > seconds[0]:
        stated = (len(seconds) - 1) / (seconds[-1] - seconds[0])
    return stated if 0 < stated < 1000 and math.isfinite(stated) else FPS
