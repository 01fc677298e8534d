"""A video with the emotions of its faces drawn into it."""

import csv
import errno
import shutil
import subprocess
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import cv2
import numpy as np

from ...utils import DecodeError, atomic_write
from ...video import FPS, Source, open_video
from ...visualization.face_overlay import DrawnFace, FaceOverlay
from ..results import FaceTimeline, VideoResult

#: Seconds of the past that the running curves show, and their points.
PAST, POINTS = 6.0, 60
#: Frames a second are no more than these.
MAX_FPS = 60.0
#: With fewer free bytes a video that was not written is taken for a full disk.
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
    """Read a video again and draw what was found; the frames keep their times.

    The program ``ffmpeg``, or the one in the package imageio-ffmpeg, adds the sound and
    encodes as H.264, which browsers play. Without it the video is silent, in MPEG-4.

    Args:
        path (str | Path): The .mp4 to write.
        video: What ``result`` is of; no camera or address.
        result (VideoResult): The timelines.
        faces_csv (str | Path): Boxes of all frames, in the order of the frames.
        fps (float): Frames a second of a folder or of an array. Defaults to 25.

    Returns:
        str: What a user should know, empty if nothing.

    Raises:
        OSError: If the video cannot be written.
    """
    with atomic_write(path) as beside:
        silent = beside.with_name(f'{beside.stem}.silent.mp4')
        try:
            begin = _draw(silent, video, result, faces_csv, fps)
            note = _encode(silent, video, beside, begin)
            if note:
                silent.replace(beside)
        finally:
            silent.unlink(missing_ok=True)
    return note


def find_ffmpeg() -> str | None:
    """Path of the program ffmpeg; None if there is none."""
    if found := shutil.which('ffmpeg'):
        return found
    try:
        from imageio_ffmpeg import get_ffmpeg_exe

        return get_ffmpeg_exe()
    except (ImportError, RuntimeError):
        return None


def _draw(
    out: Path,
    video: Source,
    result: VideoResult,
    faces_csv: str | Path,
    fps: float,
) -> float:
    """Write the pictures without sound; returns the time of the first in seconds."""
    stream = open_video(video, fps=fps, allow_damaged=True)
    rate = min(stream.fps, MAX_FPS)
    lines = {face.id: face for face in result.faces}
    boxes = _boxes(faces_csv)
    number, ready = next(boxes, (-1, []))
    overlay = writer = None
    written, begin = 0, 0.0
    try:
        for index, (seconds, frame) in enumerate(stream.frames):
            here: list[tuple[int, np.ndarray]] = []
            if index == number:
                here, (number, ready) = ready, next(boxes, (-1, []))
            if writer is None or overlay is None:
                overlay = FaceOverlay(frame.shape[1::-1], result.classes)
                kind = cv2.VideoWriter.fourcc(*'mp4v')
                writer = cv2.VideoWriter(str(out), kind, rate, overlay.size)
                if not writer.isOpened():
                    raise OSError(f"OpenCV cannot write '{out}' with codec mp4v")
                begin = seconds
            # A steady rate out of any: a frame stays until the next one's time.
            wanted = round((seconds - begin) * rate) + 1
            if wanted > written:
                faces = [
                    _drawn(lines[i], box, seconds) for i, box in here if i in lines
                ]
                picture = overlay.draw(frame, faces)
                for _ in range(wanted - written):
                    writer.write(picture)
                written = wanted
    finally:
        if writer is not None:
            writer.release()
    _check_written(out, written)
    return begin


def _check_written(path: Path, frames: int) -> None:
    """Refuse a video that lacks frames: OpenCV does not report a full disk."""
    try:
        found = open_video(path, allow_damaged=True).num_frames or 0
    except DecodeError:
        found = 0
    if found < frames:
        full = shutil.disk_usage(path.parent).free < ROOM
        number = errno.ENOSPC if full else errno.EIO
        raise OSError(number, f'only {found} of {frames} frames were written')


def _drawn(line: FaceTimeline, box: np.ndarray, seconds: float) -> DrawnFace:
    begin = max(line.first, seconds - PAST)
    past = line.at(np.linspace(begin, seconds, POINTS))
    return DrawnFace(line.id, box, past[-1], past)


def _boxes(path: str | Path) -> Iterator[tuple[int, list]]:
    """Number of each frame with faces, their ids and boxes; read as it is needed."""
    with open(path, newline='') as file:
        rows = csv.DictReader(file)
        for number, same in groupby(rows, key=lambda row: int(row['frame'])):
            yield number, [(int(row['face']), _box(row)) for row in same]


def _box(row: dict[str, str]) -> np.ndarray:
    return np.array([row[side] for side in FACES_HEADER[-4:]], np.float32)


def _encode(silent: Path, video: Source, out: Path, begin: float) -> str:
    """To H.264 with the sound of the video; gives a note if that was not possible."""
    program = find_ffmpeg()
    if program is None:
        return (
            'the annotated video is silent and in MPEG-4, which browsers do not play: '
            'for sound and H.264 install the program ffmpeg, or `pip install '
            'imageio-ffmpeg`'
        )
    command = [program, '-nostdin', '-v', 'error', '-y']
    # The picture may start after the sound.
    command += ['-itsoffset', f'{begin:.6f}', '-i', f'file:{silent.absolute()}']
    sound: list[str] = []
    if isinstance(video, (str, Path)) and Path(video).is_file():
        command += ['-i', f'file:{Path(video).absolute()}']
        sound = ['-map', '1:a:0?', '-c:a', 'aac', '-ac', '2']
    command += ['-map', '0:v:0', *sound, '-c:v', 'libx264', '-preset', 'veryfast']
    command += ['-crf', '21', '-pix_fmt', 'yuv420p', '-movflags', '+faststart']
    done = subprocess.run([*command, f'file:{out.absolute()}'], capture_output=True)
    if done.returncode:
        if shutil.disk_usage(out.parent).free < ROOM:
            raise OSError(errno.ENOSPC, 'ffmpeg could not write the video')
        out.unlink(missing_ok=True)
        said = done.stderr.decode(errors='replace').strip().splitlines()
        return (
            'the annotated video is silent: ffmpeg could not add the sound '
            f'({said[0] if said else done.returncode})'
        )
    return ''
