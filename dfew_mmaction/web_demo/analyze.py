"""The analysis of one upload."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..inference import ExpressionInferencer
from ..inference.outputs.video_report import write_video_report
from ..inference.results import SeenFrame, VideoResult
from ..utils import DecodeError, write_json
from ..utils.errors import TooManyPixelsError
from ..utils.pictures import MAX_PIXELS
from ..video import open_video
from ..visualization.timeline_svg import MAX_FACES, timeline_svg
from .limits import Limits
from .storage import Refused

#: Names of the result files that the page serves.
SERVED = ('annotated.mp4', 'timelines.json')
NO_VIDEO = (
    'The file is not a readable video, or it is truncated. Upload mp4, webm, avi or '
    'mov.'
)

TOO_LARGE = (
    f'The frames cannot be decoded or have more than {MAX_PIXELS / 1e6:.0f} million '
    'pixels. Upload a smaller video.'
)


def analyze_upload(
    inferencer: ExpressionInferencer,
    upload: Path,
    folder: Path,
    *,
    name: str,
    limits: Limits,
    on_frame: Callable[[SeenFrame], None] = lambda frame: None,
) -> tuple[VideoResult, dict[str, Path]]:
    """Analyze an uploaded video.

    Args:
        inferencer (ExpressionInferencer): Finds and classifies the faces.
        upload (Path): The uploaded file.
        folder (Path): Folder for the results.
        name (str): Name of the video in the results.
        limits (Limits): ``seconds`` is enforced here.
        on_frame (Callable): Called for each analyzed frame.

    Returns:
        tuple[VideoResult, dict[str, Path]]: As :func:`.write_video_report` returns.
        Neither contains a path of the server.

    Raises:
        Refused: If the file is not a video, or is too long or too large.
    """
    longest = limits.seconds

    def watch(frame: SeenFrame) -> None:
        # A browser's recording does not state its length.
        if frame.seconds > longest:
            raise Refused(f'The video is longer than {longest:g} seconds. Cut it.')
        on_frame(frame)

    try:
        _check_stated_length(upload, longest)
        result, files = write_video_report(inferencer, upload, folder, on_frame=watch)
    except TooManyPixelsError as error:
        raise Refused(TOO_LARGE) from error
    except DecodeError as error:
        raise Refused(NO_VIDEO) from error
    result.video = name
    result.notes = [note.replace(f'{folder.parent}/', '') for note in result.notes]
    write_json(files['timelines.json'], result.to_dict())
    return result, {key: path for key, path in files.items() if key in SERVED}


def _check_stated_length(upload: Path, longest: float) -> None:
    video = open_video(upload, allow_damaged=True)
    video.close()
    stated = (video.num_frames or 0) / video.fps
    if stated > longest + 1:
        raise Refused(
            f'The video is {stated:.0f} seconds long; the limit is {longest:g} '
            'seconds. Cut it.'
        )


def result_message(result: VideoResult, links: dict[str, str]) -> dict[str, Any]:
    """Convert a result to plain data for the browser.

    Args:
        result (VideoResult): The result.
        links (dict[str, str]): Addresses of its files by name.

    Returns:
        dict: ``notes``, ``classes``, ``faces`` (see :func:`face_rows`), ``curves`` (an
        SVG element, empty without a face) and ``links``.
    """
    shown = result.longest(MAX_FACES)
    lines = {f'face {f.id}': (f.times, f.probabilities) for f in shown}
    curves = timeline_svg(lines, result.classes, result.duration) if lines else ''
    return dict(
        notes=[f'{note[0].upper()}{note[1:]}.' for note in result.notes],
        classes=list(result.classes),
        faces=face_rows(result),
        curves=curves,
        links=links,
    )


def face_rows(result: VideoResult) -> list[list]:
    """Make one row per face: number, seconds, emotion, rounded probabilities."""
    return [
        [
            face.id,
            f'{face.first:.1f} – {face.last:.1f}',
            result.classes[int(face.overall.argmax())],
            *(round(float(value), 3) for value in face.overall),
        ]
        for face in result.faces
    ]
