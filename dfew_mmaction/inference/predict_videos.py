"""Prediction of many videos; an error in one does not stop the others."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from ..utils import DecodeError, ProgressBar, cpu_count, run_parallel
from ..utils.error_sentences import error_sentence
from ..utils.text import printable
from ..utils.torch_available import is_torch_available
from ..video import FPS, find_sources
from .expression_inferencer import SYNTHETIC, ExpressionInferencer, OnFrame
from .outputs.formats import check_formats
from .outputs.video_report import write_video_report
from .results import VideoResult

#: Faces in fewer frames are not listed in the summary.
SHORT = 5
#: Makes the inferencer in this process or a worker.
Make = Callable[[], ExpressionInferencer]


@dataclass(frozen=True)
class ReportOptions:
    """Options of the report of a video.

    Attributes:
        video (bool): Whether to write the annotated video.
        fps (float): Frames per second of folders of frames.
        limit (float, optional): Seconds after which to stop, for cameras.
        formats (tuple[str, ...]): More files, see :func:`.write_video_report`.
        speed (bool): Whether to print the processing speed.
    """

    video: bool = True
    fps: float = FPS
    limit: float | None = None
    formats: tuple[str, ...] = ()
    speed: bool = False


def predict_videos(
    make: Make,
    videos: Sequence[str],
    out: str | Path,
    *,
    options: ReportOptions | None = None,
    jobs: int = 1,
) -> int:
    """Write a report of each video to a separate folder and print a summary.

    Args:
        make (Callable): Makes the inferencer; with several jobs it is pickled.
        videos (Sequence[str]): Videos, folders of frames or of videos, addresses,
            numbers of cameras.
        out (str | Path): Parent of the folders.
        options (ReportOptions, optional): What is written.
        jobs (int): Number of concurrent videos, each in a process with its share of the
            cores. Defaults to 1.

    Returns:
        int: Exit status: 0, or 1 if a video could not be read to its end or had no
        face.

    Raises:
        ValueError: If ``jobs`` is less than 1 or there is no such format.
        ImportError: If a format lacks its package.
    """
    if jobs < 1:
        raise ValueError(f'jobs must be 1 or more, got {jobs}')
    options = options or ReportOptions()
    check_formats(options.formats)
    taken: set[str] = set()
    tasks = [
        (source, Path(out) / _folder_name(source, taken))
        for source in find_sources(videos)
    ]
    jobs = min(jobs, len(tasks))
    run = _run_here if jobs < 2 else partial(_run_in_processes, jobs=jobs)
    troubles, warned = 0, False
    for outcome in run(make, tasks, options):
        if outcome.warning and not warned:
            print(f'note: {outcome.warning}')
            warned = True
        if outcome.error:
            print(f'error: {printable(outcome.error)}', file=sys.stderr)
        for line in outcome.lines:
            print(printable(line), flush=True)
        troubles += not outcome.complete
    return 1 if troubles else 0


@dataclass(frozen=True)
class _Outcome:
    """Outcome of one video."""

    lines: tuple[str, ...] = ()
    complete: bool = False
    warning: str = ''
    error: str = ''


def _run_here(
    make: Make, tasks: Sequence[tuple], options: ReportOptions
) -> Iterator[_Outcome]:
    inferencer = make()
    for source, folder in tasks:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with ProgressBar(Path(str(source)).name, unit='frames') as bar:
            outcome = _report(
                inferencer, source, folder, options=options,
                on_frame=lambda seen: bar.step(seen.index + 1, total=seen.total),
            )  # fmt: skip
        yield outcome


def _run_in_processes(
    make: Make, tasks: Sequence[tuple], options: ReportOptions, jobs: int
) -> Iterator[_Outcome]:
    """Yield the outcomes in the order of completion."""
    threads = max(1, cpu_count() // jobs)
    calls = [(make, threads, source, folder, options) for source, folder in tasks]
    with ProgressBar('predicting', len(tasks), 'videos') as bar:
        for _, outcome in run_parallel(_report_in_worker, calls, jobs):
            bar.step()
            yield outcome


#: The inferencer of a worker process, made by its first task.
_inferencer: list[ExpressionInferencer] = []


def _report_in_worker(
    make: Make, threads: int, source: int | str, folder: Path, options: ReportOptions
) -> _Outcome:
    if not _inferencer:
        cv2.setNumThreads(threads)
        if is_torch_available():
            import torch

            torch.set_num_threads(threads)
        _inferencer.append(make())
    return _report(_inferencer[0], source, folder, options=options)


def _report(
    inferencer: ExpressionInferencer,
    source: int | str,
    folder: Path,
    *,
    options: ReportOptions,
    on_frame: OnFrame | None = None,
) -> _Outcome:
    clock = time.perf_counter()
    try:
        result, paths = write_video_report(
            inferencer,
            source,
            folder,
            video=options.video,
            on_frame=on_frame,
            fps=options.fps,
            limit=options.limit,
            formats=options.formats,
        )
    except (DecodeError, OSError, ValueError, cv2.error) as error:
        return _Outcome(error=error_sentence(error))
    lines = [*_summary(result), f'  {", ".join(paths)} in {folder}']
    if options.speed:
        lines.append(f'  {_speed(result, time.perf_counter() - clock)}')
    complete = bool(result.faces) and not result.damage
    return _Outcome(tuple(lines), complete, inferencer.warning)


def _folder_name(video: int | str, taken: set) -> str:
    """A unique folder name, whatever characters an address has."""
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
        if note == SYNTHETIC:  # printed once for all videos
            continue
        yield f'  note: {note}'


def _speed(result: VideoResult, total: float) -> str:
    spent: dict[str, float] = dict(result.seconds)
    spent['draw and write'] = total - sum(spent.values())
    shares = ', '.join(f'{k} {v / total:.0%}' for k, v in spent.items())
    return f'{result.num_frames / total:.1f} frames per second; {shares}'
