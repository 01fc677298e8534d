"""Many videos, one after the other; what is wrong with one does not stop the others."""

import csv
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

from ..utils import DecodeError, ProgressBar, atomic_write, list_frames
from ..utils.error_sentences import error_sentence
from ..video import FPS, find_sources
from .expression_inferencer import ExpressionInferencer
from .outputs.video_report import write_video_report
from .results import VideoResult

#: Frames that a face has to have been seen in to be named in the summary.
SHORT = 5


def predict_videos(
    inferencer: ExpressionInferencer,
    videos: Sequence[str],
    out: str | Path,
    *,
    video: bool = True,
    fps: float = FPS,
    limit: float | None = None,
    speed: bool = False,
) -> int:
    """Write a report of each video to a folder of its own, and say a sentence of each.

    Args:
        inferencer (ExpressionInferencer): Looks at the videos.
        videos (Sequence[str]): Videos, folders of frames or of videos, addresses,
            numbers of cameras.
        out (str | Path): Folder of the reports.
        video, fps, limit: See :func:`.write_video_report`.
        speed (bool): Whether to say how fast it was. Defaults to False.

    Returns:
        int: Exit status: 0, or 1 if a video could not be read, not to its end, or had
        no face.
    """
    Path(out).mkdir(parents=True, exist_ok=True)
    troubles = 0
    taken: set[str] = set()
    for source in find_sources(videos):
        name = _folder_name(source, taken)
        clock = time.perf_counter()
        try:
            with ProgressBar(Path(str(source)).name, unit='frames') as bar:
                result, paths = write_video_report(
                    inferencer, source, Path(out) / name, video=video,
                    on_frame=lambda seen: bar.step(seen.index + 1, total=seen.total),
                    fps=fps, limit=limit,
                )  # fmt: skip
        except (DecodeError, OSError, ValueError, cv2.error) as error:
            print(f'error: {error_sentence(error)}', file=sys.stderr)
            troubles += 1
            continue
        for line in _summary(result):
            print(line)
        print(f'  {", ".join(paths)} in {Path(out) / name}')
        if speed:
            print(f'  {_speed(result, time.perf_counter() - clock)}')
        whole = result.faces and not result.damage
        troubles += not whole
    return 1 if troubles else 0


def predict_clips(
    inferencer: ExpressionInferencer, clips: Sequence[str], out: str | Path
) -> int:
    """Classify clips of aligned faces as wholes; writes ``<out>/clips.csv``.

    Returns:
        int: Exit status: 0, or 1 if a clip could not be read.
    """
    ready, troubles = [], 0
    for clip in clips:
        if Path(clip).is_dir() and not list_frames(clip):
            print(f"error: '{clip}' has no frame", file=sys.stderr)
            troubles += 1
        elif not Path(clip).exists():
            print(f"error: there is no clip '{clip}'", file=sys.stderr)
            troubles += 1
        else:
            ready.append(clip)
    rows: list[tuple[str, np.ndarray]] = []
    size = inferencer.batch_size
    for start in range(0, len(ready), size):
        batch = ready[start : start + size]
        try:
            rows += zip(batch, inferencer.predict_clips(batch))
        except (DecodeError, ValueError):
            for clip in batch:  # which one it was
                try:
                    rows += zip([clip], inferencer.predict_clips([clip]))
                except (DecodeError, ValueError) as error:
                    print(f'error: {clip}: {error}', file=sys.stderr)
                    troubles += 1
    path = Path(out) / 'clips.csv'
    with atomic_write(path) as beside, open(beside, 'w', newline='') as file:
        writer = csv.writer(file, lineterminator='\n')
        scores = [f'score_{name}' for name in inferencer.classes]
        writer.writerow(['clip', 'prediction', *scores])
        for clip, row in rows:
            name = inferencer.classes[int(row.argmax())]
            writer.writerow([clip, name, *(repr(float(value)) for value in row)])
    print(f'{len(rows)} of {len(clips)} clips: {path}')
    return 1 if troubles else 0


def _folder_name(video: int | str, taken: set) -> str:
    """A name of its own for the video's folder, whatever signs an address has."""
    stem = f'camera{video}' if isinstance(video, int) else Path(str(video)).stem
    stem = ''.join(c if c.isalnum() or c in '-_.' else '_' for c in stem).strip('.')
    name, number = stem or 'video', 1
    while name in taken:
        number += 1
        name = f'{stem}-{number}'
    taken.add(name)
    return name


def _summary(result: VideoResult) -> Iterator[str]:
    yield (
        f'{result.video}: {result.num_frames} frames, {result.duration:.1f} s, '
        f'{len(result.faces)} face{"s" * (len(result.faces) != 1)}'
    )
    long = [face for face in result.faces if face.num_frames >= SHORT]
    for face in long or result.faces:
        best = np.argsort(-face.overall, kind='stable')[:2].tolist()
        words = ', '.join(f'{result.classes[i]} {face.overall[i]:.0%}' for i in best)
        yield (
            f'  face {face.id}, {face.first:.1f} to {face.last:.1f} s, in '
            f'{face.num_frames} frames: {words}'
        )
    if long and len(long) < len(result.faces):
        yield f'  and {len(result.faces) - len(long)} seen in fewer than {SHORT} frames'
    for note in result.notes:
        yield f'  note: {note}'


def _speed(result: VideoResult, total: float) -> str:
    spent: dict[str, float] = dict(result.seconds)
    spent['draw and write'] = total - sum(spent.values())
    shares = ', '.join(f'{k} {v / total:.0%}' for k, v in spent.items())
    return f'{result.num_frames / total:.1f} frames a second; {shares}'
