"""Many videos to a tree: who does which, what is done, what became of each."""

import csv
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from filelock import FileLock

from ..faces.detectors import build_detector
from ..utils import ProgressBar, atomic_write
from ..video import find_videos
from .clip_files import clip_paths
from .executors import ENGINES
from .extract import ExtractionSettings, extract_clip
from .manifest import Journal, check_ending, write_manifest

Task = tuple[str, int, str, str]


def extract_faces(
    videos: Sequence[str | Path],
    out: str | Path,
    how: ExtractionSettings | None = None,
    *,
    engine: str = 'local',
    shard: tuple[int, int] = (1, 1),
    manifest: str = 'manifest.csv',
    retry: bool = False,
    **engine_options: object,
) -> dict[str, object]:
    """Turn videos into a tree that ``DFEWDataset`` reads.

    Each video is a clip. Those whose names are all numbers keep them, others are
    numbered in the order of their paths; ``extraction/videos.csv`` in the tree says
    which is which, and videos that come later get the next numbers. What is done is not
    done again: a run that was stopped goes on.

    Args:
        videos (Sequence[str | Path]): See :func:`.find_videos`.
        out (str | Path): Root of the tree.
        how (ExtractionSettings, optional): Settings. A tree has one kind only.
        engine (str): ``'local'``, processes of this machine, or ``'ray'``.
        shard (tuple[int, int]): ``(i, n)``: do the i-th of n parts, from 1. Each part
            writes the manifest of all that is done so far.
        manifest (str): Name of the manifest in the tree, ``.csv`` or ``.parquet``.
        retry (bool): Whether to do clips again that ended in an error.
        **engine_options: For the engine, such as ``workers``.

    Returns:
        dict: ``manifest`` (data frame of all clips so far), ``done`` (clips of this
        call), ``seconds`` (of this call), ``work`` (seconds by step, over all
        processes).

    Raises:
        FileNotFoundError: If there is no video.
        ImportError: If the detector, the engine or the manifest lacks a package.
        ValueError: If the tree was made with other settings or by somebody else, or an
            argument is wrong.
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
    how, out = how or ExtractionSettings(), Path(out).absolute()
    # What this wrote itself, where the tree lies among the videos, is no video.
    own = clip_paths(out, 0, how)['avi'].parent
    found = [path for path in find_videos(list(videos)) if own not in path.parents]
    # What cannot be made is an error now, before anything is written.
    build_detector(how.detector)
    check_ending(manifest)
    if out.exists() and not out.is_dir():
        raise ValueError(
            f"'{out}' is a file: the last argument is the root of the tree"
        )
    # Shards of a cluster write these at the same time.
    (out / 'extraction').mkdir(parents=True, exist_ok=True)
    lock = FileLock(out / 'extraction' / 'shards.lock')
    with lock:
        settings = _same_settings(out, how)
        numbered = number_videos(found, out)
    journal = Journal(out / 'extraction' / 'journal', f'{part}of{parts}')
    began, finished = time.monotonic(), []
    try:
        rows = journal.rows()
        todo = [
            (video, clip, str(out), settings)
            for video, clip in islice_shard(numbered, part, parts)
            if clip not in rows or (retry and rows[clip]['error'])
        ]
        run: Callable[..., Iterator[dict]] = ENGINES[engine]
        rate = _Rate()
        with ProgressBar('extracting', len(todo), 'clips') as bar:
            if rows:
                bar.console.print(f'{len(rows)} clips are done already')
            for row in run(extract_clip, todo, **engine_options):
                journal.add(row)
                finished.append(row)
                if row['error']:
                    error = f'clip {row["clip"]}: {row["error"]}'
                    bar.console.print(error, markup=False)
                bar.step(text=rate.add(row))
        bar.console.print(bar.line(), markup=False)
    finally:
        # Else one that read the journals earlier could write later.
        with lock:
            table = write_manifest(out / manifest, journal.rows())
        journal.close()
    work: Counter = Counter()
    for row in finished:
        work.update(row.get('seconds', {}))
    return dict(
        manifest=table,
        done=len(finished),
        seconds=time.monotonic() - began,
        work=dict(work),
    )


def islice_shard(items: Sequence, part: int, parts: int) -> Sequence:
    """Every ``parts``-th item, from the ``part``-th (from 1)."""
    return items[part - 1 :: parts]


def number_videos(videos: Sequence[Path], out: Path) -> list[tuple[str, int]]:
    """Give each video its clip number, and keep it in ``extraction/videos.csv``.

    Args:
        videos (Sequence[Path]): Absolute paths.
        out (Path): Root of the tree.

    Returns:
        list[tuple[str, int]]: Path and number of each of ``videos``, by number.

    Raises:
        ValueError: If two videos whose names are numbers have the same one.
    """
    path = out / 'extraction' / 'videos.csv'
    known: dict[str, int] = {}
    if path.is_file():
        with open(path, encoding='utf-8', newline='') as file:
            known = {video: int(clip) for clip, video in list(csv.reader(file))[1:]}
    new = [str(video) for video in videos if str(video) not in known]
    taken = {clip: video for video, clip in known.items()}
    everything = [*known, *new]
    named = all(Path(v).stem.isascii() and Path(v).stem.isdigit() for v in everything)
    for video in new:
        clip = int(Path(video).stem) if named else max(taken, default=0) + 1
        if clip in taken:
            raise ValueError(
                f"'{taken[clip]}' and '{video}' are both number {clip}: extract them "
                'into two trees, or rename one so that not all names are numbers'
            )
        taken[clip], known[video] = video, clip
    if new:
        with atomic_write(path) as beside, open(beside, 'w', newline='') as file:
            writer = csv.writer(file, lineterminator='\n')
            writer.writerow(['clip', 'video'])
            writer.writerows((clip, taken[clip]) for clip in sorted(taken))
    return sorted(
        ((str(video), known[str(video)]) for video in videos), key=lambda pair: pair[1]
    )


def _same_settings(out: Path, how: ExtractionSettings) -> str:
    path, text = out / 'extraction' / 'settings.json', how.to_json()
    if path.is_file():
        made = ExtractionSettings.from_json(path.read_text())
        other = [k for k, v in vars(made).items() if v != getattr(how, k)]
        if other:
            differ = '; '.join(
                f'{name} was {getattr(made, name)}, now {getattr(how, name)}'
                for name in other
            )
            raise ValueError(
                f"'{out}' was made with other settings ({differ}). Give the same, or "
                'another folder'
            )
    else:
        for clip in clip_paths(out, 0, how).values():
            if clip.parent.is_dir() and any(clip.parent.iterdir()):
                raise ValueError(
                    f"'{clip.parent}' holds clips that this command did not write, "
                    'such as those of the DFEW release. Give another folder'
                )
        with atomic_write(path) as beside:
            beside.write_text(text)
    return text


class _Rate:
    """Clips a minute, and how many were dropped or failed, for the progress bar."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.done = self.failed = self.dropped = 0

    def add(self, row: dict) -> str:
        """Count a clip; returns the remark after the bar."""
        self.done += 1
        self.failed += bool(row['error'])
        self.dropped += bool(row['reason'])
        rate = 60 * self.done / max(time.monotonic() - self.began, 1e-6)
        return (
            f'{rate:.1f} clips a minute; {self.dropped} dropped, {self.failed} failed'
        )
