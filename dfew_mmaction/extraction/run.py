"""Extraction of many videos to a tree: tasks, restarts, results."""

import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from filelock import FileLock

from ..faces.detectors import build_detector
from ..utils import ProgressBar, write_text
from ..utils.text import is_utf8
from ..video import find_videos
from .clip_files import clip_paths
from .executors import ENGINES
from .extract import extract_video
from .manifest import Journal, check_ending, write_manifest
from .numbering import number_videos, video_number
from .settings import ExtractionSettings

Task = tuple[str, int, str, str]


def extract_faces(
    videos: Sequence[str | Path],
    out: str | Path,
    settings: ExtractionSettings | None = None,
    *,
    engine: str = 'local',
    shard: tuple[int, int] = (1, 1),
    manifest: str = 'manifest.csv',
    retry: bool = False,
    **engine_options: object,
) -> dict[str, object]:
    """Extract the faces of videos to a tree for ``DFEWDataset``.

    A video gives one clip, or, depending on ``settings.on_cuts``, one clip per shot.
    Clips are numbered by :func:`.number_videos`. Existing clips are not extracted
    again, so that an interrupted run continues.

    Args:
        videos (Sequence[str | Path]): See :func:`.find_videos`.
        out (str | Path): Root of the tree.
        settings (ExtractionSettings, optional): Settings; the same for all of a tree.
        engine (str): ``'local'``, processes of this machine, or ``'ray'``.
        shard (tuple[int, int]): ``(i, n)``: process the i-th of n parts, from 1. Each
            part writes the manifest of all finished clips.
        manifest (str): Name of the manifest in the tree, ``.csv`` or ``.parquet``.
        retry (bool): Whether to repeat videos with an error.
        **engine_options: Options of the engine, such as ``workers``.

    Returns:
        dict: ``manifest`` (data frame of all clips of the tree), ``videos`` (the given
        videos, by number), ``done`` (number of videos processed by this call),
        ``seconds`` (its duration), ``work`` (seconds by step, over all processes).

    Raises:
        FileNotFoundError: If there is no video.
        ImportError: If the detector, the engine or the manifest lacks a package.
        ValueError: If the tree has other settings or was not written by this function,
            or an argument is wrong.
    """
    part, parts = shard
    if not 1 <= part <= parts:
        raise ValueError(f'shard must be i/n with 1 <= i <= n, got {part}/{parts}')
    if engine not in ENGINES:
        raise ValueError(f'engine must be one of {(*ENGINES,)}, got {engine!r}')
    if Path(manifest).suffix not in ('.csv', '.parquet') or Path(manifest).name != str(
        manifest
    ):
        raise ValueError(f'the manifest is a .csv or .parquet in the tree: {manifest}')
    settings, out = settings or ExtractionSettings(), Path(out).absolute()
    # If the tree is inside the folder of the videos, its videos are not read.
    own = clip_paths(out, 0, settings)['avi'].parent
    found = [path for path in find_videos(list(videos)) if own not in path.parents]
    _check_names(found)
    # Missing packages and wrong options are errors before anything is written.
    build_detector(settings.detector)
    check_ending(manifest)
    if out.exists() and not out.is_dir():
        raise ValueError(
            f"'{out}' is a file: the last argument is the root of the tree"
        )
    # Several shards may write these at the same time.
    (out / 'extraction').mkdir(parents=True, exist_ok=True)
    lock = FileLock(out / 'extraction' / 'shards.lock')
    with lock:
        text = _same_settings(out, settings)
        numbered = number_videos(found, out)
    journal = Journal(out / 'extraction' / 'journal', f'{part}of{parts}')
    began, work, rate = time.monotonic(), Counter[str](), _Rate()
    try:
        rows = journal.rows().values()
        again = {video_number(r['clip']) for r in rows if r['error'] and retry}
        done = {video_number(row['clip']) for row in rows} - again
        todo = [
            (video, number, str(out), text)
            for video, number in islice_shard(numbered, part, parts)
            if number not in done
        ]
        with ProgressBar('extracting', len(todo), 'videos') as bar:
            if done:
                bar.console.print(f'{len(done)} videos are finished already')
            for clips in ENGINES[engine](extract_video, todo, **engine_options):
                journal.add(clips)
                for row in clips:
                    work.update(row['seconds'])
                    if row['error']:
                        error = f'clip {row["clip"]}: {row["error"]}'
                        bar.console.print(error, markup=False)
                bar.step(text=rate.add(clips))
        bar.console.print(bar.line(), markup=False)
    finally:
        # Without the lock, a shard could overwrite a newer manifest with an older one.
        with lock:
            table = write_manifest(out / manifest, journal.rows())
        journal.close()
    return dict(
        manifest=table,
        videos={number: video for video, number in numbered},
        done=rate.videos,
        seconds=time.monotonic() - began,
        work=dict(work),
    )


def islice_shard(items: Sequence, part: int, parts: int) -> Sequence:
    """Every ``parts``-th item, from the ``part``-th (from 1)."""
    return items[part - 1 :: parts]


def _check_names(videos: Sequence[Path]) -> None:
    odd = [video for video in videos if not is_utf8(video)]
    if odd:
        raise ValueError(
            f'the manifest needs names in UTF-8, which {len(odd)} videos do not have: '
            f"rename '{odd[0]}'{' and the others' * (len(odd) > 1)}"
        )


def _same_settings(out: Path, settings: ExtractionSettings) -> str:
    path, text = out / 'extraction' / 'settings.json', settings.to_json()
    if path.is_file():
        made = ExtractionSettings.from_json(path.read_text())
        other = [k for k, v in vars(made).items() if v != getattr(settings, k)]
        if other:
            differ = '; '.join(
                f'{name} was {getattr(made, name)}, now {getattr(settings, name)}'
                for name in other
            )
            raise ValueError(
                f"'{out}' was made with other settings ({differ}). Use the same, or "
                'another folder'
            )
    else:
        for clip in clip_paths(out, 0, settings).values():
            if clip.parent.is_dir() and any(clip.parent.iterdir()):
                raise ValueError(
                    f"'{clip.parent}' holds clips that this command did not write, "
                    'such as those of the DFEW release. Use another folder'
                )
        write_text(path, text)
    return text


class _Rate:
    """Text of the progress bar: clips per minute, dropped and failed clips."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.videos = self.clips = self.failed = self.dropped = 0

    def add(self, rows: list[dict]) -> str:
        """Count the clips of a video; returns the text after the bar."""
        self.videos += 1
        self.clips += len(rows)
        self.failed += sum(bool(row['error']) for row in rows)
        self.dropped += sum(bool(row['reason']) for row in rows)
        rate = 60 * self.clips / max(time.monotonic() - self.began, 1e-6)
        return (
            f'{rate:.1f} clips a minute; {self.dropped} dropped, {self.failed} failed'
        )
