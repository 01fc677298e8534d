"""The report of a video: all its output files."""

import csv
import warnings
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from ...utils import atomic_write
from ...video import FPS, Source
from ...visualization.timelines import MAX_FACES, plot_timelines
from ..expression_inferencer import ExpressionInferencer, OnFrame
from ..results import SeenFrame, VideoResult
from .annotated_video import FACES_HEADER, write_annotated_video
from .formats import FORMATS, check_formats, write_formats

FACES, VIDEO, CURVES = 'faces.csv', 'annotated.mp4', 'timelines.png'


def write_video_report(
    inferencer: ExpressionInferencer,
    source: Source,
    folder: str | Path,
    *,
    video: bool = True,
    on_frame: OnFrame | None = None,
    fps: float = FPS,
    limit: float | None = None,
    formats: Iterable[str] = (),
) -> tuple[VideoResult, dict[str, Path]]:
    """Process a video and write the results.

    =================== =========================================================
    ``timelines.json``  everything, see :meth:`.VideoResult.to_dict`
    ``timelines.csv``   one row per face and window
    ``segments.csv``    one row per run of one emotion
    ``timelines.png``   the curves of the longest faces; not if there is no face
    ``faces.csv``       box of each face in each frame, written during the run
    ``annotated.mp4``   the video with boxes, numbers, emotions and curves; not if
                        there is no face, and not of a camera or an address
    =================== =========================================================

    Each file appears complete or not at all. Files of an earlier run in the same folder
    are removed.

    Args:
        inferencer (ExpressionInferencer): Processes the video.
        source: See :meth:`.ExpressionInferencer.predict_video`, also for ``on_frame``,
            ``fps`` and ``limit``.
        folder (str | Path): Where to write.
        video (bool): Whether to write the annotated video. Defaults to True.
        formats (Iterable[str]): More files by their names in ``outputs.FORMATS``.

    Returns:
        tuple[VideoResult, dict[str, Path]]: The result, and the files by name.

    Raises:
        DecodeError: If the video cannot be read. Nothing is written then.
        ImportError: If a format lacks its package. Nothing is read then.
        ValueError: If there is no such format.
    """
    names = check_formats(formats)
    folder = Path(folder)
    try:
        result = _predict(inferencer, source, folder / FACES, on_frame, fps, limit)
    except BaseException:
        with suppress(OSError):  # removes existing files
            folder.rmdir()
        raise
    for name in (VIDEO, CURVES, *(kind.file for kind in FORMATS.values())):
        (folder / name).unlink(missing_ok=True)
    paths = {FACES: folder / FACES}
    live = isinstance(source, int) or '://' in str(source)
    if result.faces and video and not live:
        note = write_annotated_video(
            folder / VIDEO, source, result, faces_csv=folder / FACES, fps=fps
        )
        result.notes += [note] if note else []
        paths[VIDEO] = folder / VIDEO
    elif video and live:
        result.notes.append('no annotated video: the source cannot be read twice')
    if result.faces:
        _write_curves(folder / CURVES, result)
        paths[CURVES] = folder / CURVES
    return result, {**write_formats(folder, result, names), **paths}


def _predict(
    inferencer: ExpressionInferencer,
    video: Source,
    faces_csv: Path,
    on_frame: OnFrame | None,
    fps: float,
    limit: float | None,
) -> VideoResult:
    """Predict; boxes are written to disk during the run instead of kept in memory."""
    with (
        atomic_write(faces_csv) as temporary,
        open(temporary, 'w', newline='') as file,
    ):
        writer = csv.writer(file, lineterminator='\n')
        writer.writerow(FACES_HEADER)

        def note(frame: SeenFrame) -> None:
            for number, face in frame.faces:
                cells = [f'{float(cell):.2f}' for cell in (face.score, *face.box)]
                row = [frame.index, f'{frame.seconds:.3f}', number, *cells]
                writer.writerow(row)
            if on_frame is not None:
                on_frame(frame)

        return inferencer.predict_video(video, note, fps, limit=limit)


def _write_curves(path: Path, result: VideoResult) -> None:
    lines = {
        f'face {face.id}': (face.times, face.probabilities)
        for face in result.longest(MAX_FACES)
    }
    title = Path(result.video).name
    if len(lines) < len(result.faces):
        title += f' (the {len(lines)} longest of {len(result.faces)} faces)'
    figure = plot_timelines(lines, result.classes, title, duration=result.duration)
    with atomic_write(path) as temporary, warnings.catch_warnings():
        warnings.filterwarnings('ignore', 'Glyph')  # of a name, missing in the font
        figure.savefig(temporary, dpi=110)
