"""Check of a copy of DFEW."""

from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from ...utils import run_parallel, track
from .check_clips import KINDS, check_many, number_of
from .check_lists import check_lists
from .layout import CLIP_FOLDERS, DFEWLayout

#: Clips per task of a process.
SHARE = 16


def check_dfew(
    root: str | Path,
    sources: Sequence[str] | None = None,
    release: bool | None = None,
    *,
    verify: bool = True,
    workers: int | None = None,
    examples: int = 10,
) -> dict[str, Any]:
    """Compare a copy of DFEW with the release and check each of its files.

    Args:
        root (str | Path): See :class:`DFEWLayout`.
        sources (Sequence[str], optional): The required ones of ``'16f'``, ``'frames'``,
            ``'video'`` and ``'original'``, which are checked. Defaults to all that
            exist, at least one.
        release (bool, optional): Whether to expect the five folds of the release;
            otherwise the existing lists are checked. Defaults to True, except for a
            demo set.
        verify (bool): Whether to decode every image, and the first and last frame of
            each video. Defaults to True.
        workers (int, optional): Number of processes. Defaults to the number of cores.
        examples (int): Number of clips named per kind of problem. Defaults to 10.

    Returns:
        dict: Plain values for JSON: ``root``, ``votes`` (path or None),
        ``demo`` (whether it is a demo set), ``folds`` (by number: ``train``, ``test``,
        ``test_by_class``, ``checksums``), ``lists`` (a sentence whether they are the
        release's), ``sources`` (by name: ``folders``, ``clips``, ``frames`` as minimum,
        median and maximum, ``problems`` by kind with ``count`` and ``examples``),
        ``problems`` and ``notes`` (sentences). The copy is complete if ``problems`` is
        empty.

    Raises:
        FileNotFoundError: If the root is missing or has no lists.
        ValueError: If a source is unknown.
    """
    unknown = set(sources or ()) - set(CLIP_FOLDERS)
    if unknown:
        raise ValueError(f'sources are of {(*CLIP_FOLDERS,)}, got {sorted(unknown)}')
    layout = DFEWLayout(root)
    report: dict[str, Any] = dict(
        root=str(layout.root), demo=layout.is_demo, votes=None, folds={}, lists='',
        sources={}, problems=[], notes=[],
    )  # fmt: skip
    release = not layout.is_demo if release is None else release
    listed = check_lists(layout, release, report)
    for source in sources or CLIP_FOLDERS:
        try:
            clips = layout.clips(source)
        except (FileNotFoundError, ValueError) as error:
            missing = isinstance(error, FileNotFoundError) and not sources
            report['notes' if missing else 'problems'].append(str(error))
            continue
        report['sources'][source] = dict(
            folders=[str(folder) for folder in layout.clip_folders(source)],
            **_check_source(source, clips, listed, verify, workers, examples),
        )
    if not report['sources'] and not sources:
        report['problems'].append(f"No clips of any source in '{layout.root}'.")
    for source, found in report['sources'].items():
        for kind, what in found['problems'].items():
            report['problems'].append(
                f'{source}: {what["count"]} clips {KINDS[kind]}, the first: '
                f'{what["examples"][0]}. Copy them again.'
            )
    return report


def _check_source(
    source: str,
    clips: dict[int, str],
    listed: set[int],
    verify: bool,
    workers: int | None,
    examples: int,
) -> dict:
    tasks = [(clips[number], source, verify) for number in sorted(clips)]
    shares = [tasks[i : i + SHARE] for i in range(0, len(tasks), SHARE)]
    found: dict[str, list[tuple]] = {
        'missing': [(number, f'{number:05d}') for number in listed - clips.keys()]
    }
    frames = []
    checked = run_parallel(check_many, [(share,) for share in shares], workers)
    for (share,), results in track(checked, f'{source:8}', len(shares), 'shares'):
        for (path, *_), (count, problems) in zip(share, results):
            frames.append(count)
            for kind, text in problems.items():
                found.setdefault(kind, []).append((number_of(path), text))
    counted = [count for count in frames if count]
    spread = [min(counted), median(counted), max(counted)] if counted else []
    return dict(
        clips=len(clips),
        not_listed=len(clips.keys() - listed),
        frames=spread,
        problems={
            kind: dict(
                count=len(found[kind]),
                examples=[text for _, text in sorted(found[kind])[:examples]],
            )
            for kind in KINDS
            if found.get(kind)
        },
    )
