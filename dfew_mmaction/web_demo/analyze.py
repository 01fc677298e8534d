"""What the page does with an upload."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..inference import ExpressionInferencer
from ..inference.outputs.video_report import write_video_report
from ..inference.results import SeenFrame, VideoResult
from ..utils import DecodeError
from ..video.stream import open_stream


@dataclass(frozen=True)
class Limits:
    """What the page takes.

    Attributes:
        megabytes (int): Greatest upload.
        seconds (float): Longest video.
        keep_minutes (int): After this results are deleted; uploads are at once.
    """

    megabytes: int = 200
    seconds: float = 120.0
    keep_minutes: int = 30


def look(
    inferencer: ExpressionInferencer,
    upload: str | None,
    limits: Limits,
    home: Path,
    on_frame: Callable[[SeenFrame], None] = lambda frame: None,
) -> tuple[VideoResult, dict[str, Path]]:
    """Look at an upload, and delete it, whatever comes of it.

    Args:
        inferencer, limits, home: See :func:`make_app`.
        upload (str, optional): Path of the video, inside ``home``.
        on_frame (Callable): Hears of each frame.

    Returns:
        tuple: What :func:`.write_video_report` gives.

    Raises:
        DecodeError: If it is no video.
        ValueError: If there is none, or it is too long; the message is for its sender.
    """
    if not upload:
        raise ValueError('Choose a video first, or record one.')
    path = Path(upload).resolve()
    if Path(home).resolve() not in path.parents:
        raise ValueError('That file was not uploaded here.')
    most = limits.seconds

    def watch(frame: SeenFrame) -> None:
        # Recordings of browsers do not state their length.
        if frame.seconds > most:
            raise ValueError(f'The video is longer than {most:g} seconds: cut it.')
        on_frame(frame)

    try:
        stream = open_stream(path)
        stream.frames.close()
        stated = stream.num_frames / stream.fps
        if stated > most + 1:
            raise ValueError(
                f'The video has {stated:.0f} seconds, at most {most:g} are taken: '
                'cut it.'
            )
        folder = Path(tempfile.mkdtemp(dir=home))
        return write_video_report(inferencer, path, folder / path.stem, on_frame=watch)
    except DecodeError as error:
        raise DecodeError(
            'This is not a video that can be read, or it is cut off (mp4, webm, avi '
            'and mov are fine).'
        ) from error
    finally:
        path.unlink(missing_ok=True)


def face_rows(result: VideoResult) -> list[list]:
    """A row a face: number, seconds, emotion, then all probabilities, rounded."""
    return [
        [
            face.id,
            f'{face.first:.1f} – {face.last:.1f}',
            result.classes[int(face.overall.argmax())],
            *(round(float(value), 3) for value in face.overall),
        ]
        for face in result.faces
    ]
