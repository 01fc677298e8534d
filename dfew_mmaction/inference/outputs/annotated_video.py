"""Annotated videos: faces with boxes, emotions and curves."""

import csv
import errno
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from ...utils import DecodeError, atomic_write
from ...video import FPS, Source, open_video
from ...visualization.face_overlay import DrawnFace, FaceOverlay
from ..results import FaceTimeline, VideoResult

#: Seconds that the curves show, and their number of points.
PAST, POINTS = 6.0, 60
#: The annotated video has at least and at most this many frames per second. The mean
#: rate of a video with pauses may be far below that of its moving parts.
MIN_FPS, MAX_FPS = 10.0, 60.0
#: With fewer free bytes, a failure to write is reported as a full disk.
ROOM = 1 << 16
FACES_HEADER = ['frame', 'seconds', 'face', 'score', 'left', 'top', 'right', 'bottom']


def write_annotated_video(
    path: str | Path,
    video: Source,
    result: VideoResult,
    *,
    faces_csv: str | Path,
    fps: float = FPS,
) -> str:
    """Read a video again and draw its result; frames keep their times.

    The program ``ffmpeg``, or the one in the package imageio-ffmpeg, adds the sound and
    encodes as H.264, which browsers play. Without it the video is silent, in MPEG-4.

    Args:
        path (str | Path): The .mp4 to write; it appears complete or not at all.
        video: The source of ``result``; no camera or address.
        result (VideoResult): The timelines.
        faces_csv (str | Path): Boxes of all frames, in the order of the frames.
        fps (float): Frames per second of a folder or of an array. Defaults to 25.

    Returns:
        str: A note for the user, or an empty string.

    Raises:
        OSError: If the video cannot be written, such as on a full disk.
    """
    program = find_ffmpeg()
    with atomic_write(path) as temporary:
        pictures = _Pictures(video, result, faces_csv, fps)
        if program is None:
            _write_by_opencv(pictures, temporary)
            return (
                'the annotated video is silent and in MPEG-4, which browsers do not '
                'play: for sound and H.264 install the program ffmpeg, or `pip install '
                'imageio-ffmpeg`'
            )
        named = Path(video) if isinstance(video, (str, Path)) else None
        file = named if named is not None and named.is_file() else None
        failed = _write_by_ffmpeg(program, pictures, temporary, file)
        if failed and file:
            why, failed = failed, _write_by_ffmpeg(program, pictures, temporary, None)
            if not failed:
                return (
                    'the annotated video is silent: ffmpeg could not add the sound '
                    f'({why})'
                )
        if failed:
            number = errno.ENOSPC if _is_full(temporary.parent) else errno.EIO
            raise OSError(number, f'ffmpeg could not write the video ({failed})')
    return ''


def find_ffmpeg() -> str | None:
    """Path of the program ffmpeg, or None."""
    if found := shutil.which('ffmpeg'):
        return found
    try:
        from imageio_ffmpeg import get_ffmpeg_exe

        return get_ffmpeg_exe()
    except (ImportError, RuntimeError):
        return None


class _Pictures:
    """Annotated frames at a constant rate; can be iterated several times."""

    def __init__(
        self, video: Source, result: VideoResult, faces_csv: str | Path, fps: float
    ) -> None:
        self.video, self.result, self.faces_csv = video, result, faces_csv
        self.fps, self.rate = fps, min(max(result.fps, MIN_FPS), MAX_FPS)

    def __iter__(self) -> Iterator[np.ndarray]:
        lines = {face.id: face for face in self.result.faces}
        boxes = _boxes(self.faces_csv)
        number, ready = next(boxes, (-1, []))
        overlay, written = None, 0
        for index, (seconds, frame) in enumerate(
            open_video(self.video, fps=self.fps, allow_damaged=True).frames
        ):
            here: list[tuple[int, np.ndarray]] = []
            if index == number:
                here, (number, ready) = ready, next(boxes, (-1, []))
            overlay = overlay or FaceOverlay(frame.shape[1::-1], self.result.classes)
            # Each frame is shown until the time of the next one, and the first one from
            # the beginning, so that picture and sound stay synchronous.
            wanted = round(seconds * self.rate) + 1
            if wanted > written:
                faces = [
                    _drawn(lines[i], box, seconds) for i, box in here if i in lines
                ]
                picture = overlay.draw(frame, faces)
                for _ in range(wanted - written):
                    yield picture
                written = wanted


def _write_by_opencv(pictures: _Pictures, out: Path) -> None:
    writer, count = None, 0
    try:
        for picture in pictures:
            if writer is None:
                kind, size = cv2.VideoWriter.fourcc(*'mp4v'), picture.shape[1::-1]
                writer = cv2.VideoWriter(str(out), kind, pictures.rate, size)
                if not writer.isOpened():
                    raise OSError(f"OpenCV cannot write '{out}' with codec mp4v")
            writer.write(picture)
            count += 1
    finally:
        if writer is not None:
            writer.release()
    _check_written(out, count)


def _write_by_ffmpeg(
    program: str, pictures: _Pictures, out: Path, sound: Path | None
) -> str:
    """Encode as H.264 with the sound of a file; returns an error or an empty string."""
    with tempfile.TemporaryFile() as log:
        process: Any = None
        pipe_broke, count = False, 0
        try:
            for picture in pictures:
                if process is None:
                    command = _command(program, picture, pictures.rate, out, sound)
                    process = subprocess.Popen(
                        command, stdin=subprocess.PIPE, stderr=log
                    )
                process.stdin.write(picture.tobytes())
                count += 1
            if process is None:
                return 'there is no frame'
        except BrokenPipeError:
            pipe_broke = True
        finally:
            code = _end(process)
        log.seek(0)
        lines = log.read().decode(errors='replace').strip().splitlines()
    if code or pipe_broke:
        out.unlink(missing_ok=True)
        return lines[0] if lines else f'exit status {code}'
    _check_written(out, count)
    return ''


def _end(process: Any) -> int:
    if process is None:
        return 0
    try:
        process.stdin.close()
    except BrokenPipeError:
        pass
    return process.wait()


def _command(
    program: str, picture: np.ndarray, rate: float, out: Path, sound: Path | None
) -> list[str]:
    height, width = picture.shape[:2]
    command = [program, '-nostdin', '-v', 'error', '-y', '-f', 'rawvideo']
    command += ['-pix_fmt', 'bgr24', '-s', f'{width}x{height}', '-r', f'{rate:.6f}']
    command += ['-i', 'pipe:0']
    if sound is not None:
        # Without the prefix, ffmpeg would read a name with a colon as a protocol.
        command += ['-i', f'file:{sound.absolute()}', '-map', '0:v:0']
        command += ['-map', '1:a:0?', '-c:a', 'aac', '-ac', '2']
    command += ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '21']
    command += ['-pix_fmt', 'yuv420p', '-movflags', '+faststart']
    return [*command, f'file:{out.absolute()}']


def _check_written(path: Path, frames: int) -> None:
    """Refuse a video that lacks frames.

    OpenCV does not report a full disk, nor do all versions of ffmpeg.
    """
    try:
        found = open_video(path, allow_damaged=True).num_frames or 0
    except DecodeError:
        found = 0
    if found < frames:
        number = errno.ENOSPC if _is_full(path.parent) else errno.EIO
        raise OSError(number, f'only {found} of {frames} frames were written')


def _is_full(folder: Path) -> bool:
    return shutil.disk_usage(folder).free < ROOM


def _drawn(line: FaceTimeline, box: np.ndarray, seconds: float) -> DrawnFace:
    begin = max(line.first, seconds - PAST)
    past = line.at(np.linspace(begin, seconds, POINTS))
    return DrawnFace(line.id, box, past[-1], past)


def _boxes(path: str | Path) -> Iterator[tuple[int, list]]:
    """Yield numbers, face ids and boxes of the frames with faces."""
    with open(path, newline='') as file:
        rows = csv.DictReader(file)
        for number, same in groupby(rows, key=lambda row: int(row['frame'])):
            yield number, [(int(row['face']), _box(row)) for row in same]


def _box(row: dict[str, str]) -> np.ndarray:
    return np.array([row[side] for side in FACES_HEADER[-4:]], np.float32)
