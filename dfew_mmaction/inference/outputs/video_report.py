"""All that is written about a video."""

import csv
from contextlib import suppress
from pathlib import Path

from ...utils import atomic_write, write_json
from ...video import FPS, Source
from ...visualization.timelines import plot_timelines
from ..expression_inferencer import ExpressionInferencer, OnFrame
from ..results import SeenFrame, VideoResult
from .annotated_video import FACES_HEADER, write_annotated_video


def write_video_report(
    inferencer: ExpressionInferencer,
    source: Source,
    folder: str | Path,
    *,
    video: bool = True,
    on_frame: OnFrame | None = None,
    fps: float = FPS,
    limit: float | None = None,
) -> tuple[VideoResult, dict[str, Path]]:
    """Look at a video and write what was found.

    =================== =========================================================
    ``timelines.json``  all, see :meth:`.VideoResult.to_dict`
    ``timelines.csv``   one row a window of a face
    ``timelines.png``   the curves; not where there is no face
    ``faces.csv``       box of each face in each frame, written as the video runs
    ``annotated.mp4``   the video with boxes, numbers, emotions and curves; not where
                        there is no face, and not of a camera or an address
    =================== =========================================================

    Args:
        inferencer (ExpressionInferencer): Looks at it.
        source: See :meth:`.ExpressionInferencer.predict_video`, also for ``on_frame``,
            ``fps`` and ``limit``.
        folder (str | Path): Where to write.
        video (bool): Whether to write the annotated video. Defaults to True.

    Returns:
        tuple[VideoResult, dict[str, Path]]: What was found, and the files by name.

    Raises:
        DecodeError: If the video cannot be read. Nothing is written then.
    """
    folder = Path(folder)
    paths = {
        name: folder / name
        for name in ('timelines.json', 'timelines.csv', 'timelines.png', 'faces.csv',
                     'annotated.mp4')
    }  # fmt: skip
    try:
        result = _look(inferencer, source, paths['faces.csv'], on_frame, fps, limit)
    except BaseException:
        with suppress(OSError):  # where something lies already
            folder.rmdir()
        raise
    for name, path in paths.items():
        if name != 'faces.csv':  # what is left of another video
            path.unlink(missing_ok=True)
    live = isinstance(source, int) or '://' in str(source)
    if result.faces and video and not live:
        said = write_annotated_video(
            paths['annotated.mp4'],
            source,
            result,
            faces_csv=paths['faces.csv'],
            fps=fps,
        )
        result.notes += [said] if said else []
    elif video and live:
        result.notes.append('no video is drawn of what cannot be read a second time')
    if result.faces:
        lines = {
            f'face {face.id}': (face.times, face.probabilities) for face in result.faces
        }
        title = Path(result.video).name
        figure = plot_timelines(lines, result.classes, title, duration=result.duration)
        with atomic_write(paths['timelines.png']) as beside:
            figure.savefig(beside, dpi=110)
    with atomic_write(paths['timelines.csv']) as beside:
        _write_csv(beside, result)
    write_json(paths['timelines.json'], result.to_dict())
    return result, {name: path for name, path in paths.items() if path.is_file()}


def _look(
    inferencer: ExpressionInferencer,
    video: Source,
    faces_csv: Path,
    on_frame: OnFrame | None,
    fps: float,
    limit: float | None,
) -> VideoResult:
    """Predict; the boxes go to disk as the video runs, memory has none of them."""
    with atomic_write(faces_csv) as beside, open(beside, 'w', newline='') as file:
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


def _write_csv(path: Path, result: VideoResult) -> None:
    with open(path, 'w', newline='', encoding='utf-8') as file:
        writer = csv.writer(file, lineterminator='\n')
        writer.writerow(['face', 'start', 'end', 'emotion', *result.classes])
        for face in result.faces:
            for start, end, row in zip(face.starts, face.ends, face.probabilities):
                cells = [f'{start:.3f}', f'{end:.3f}', result.classes[row.argmax()]]
                writer.writerow([face.id, *cells, *(f'{p:.4f}' for p in row)])
