"""Whether a copy of DFEW is whole."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from ..utils import CLASSES, run_parallel, track
from .check_clips import KINDS, check_many, number_of
from .layout import CLIP_FOLDERS, DFEWLayout
from .split_csv import read_split_csv

#: Clips of the release's folds: train, test, and test by class.
RELEASE = {
    1: (9356, 2341, (489, 379, 534, 435, 294, 29, 181)),
    2: (9356, 2341, (489, 379, 534, 435, 294, 29, 181)),
    3: (9357, 2340, (489, 379, 534, 435, 294, 29, 180)),
    4: (9358, 2339, (489, 379, 534, 434, 294, 29, 180)),
    5: (9361, 2336, (489, 378, 533, 434, 293, 29, 180)),
}
#: Clips that a process is given at a time.
SHARE = 16


def check_dfew(
    root: str | Path,
    sources: Sequence[str] | None = None,
    release: bool = True,
    *,
    verify: bool = True,
    workers: int | None = None,
    examples: int = 10,
) -> dict[str, Any]:
    """Compare a copy of DFEW with the release and look at each of its files.

    Args:
        root (str | Path): See :class:`DFEWLayout`.
        sources (Sequence[str], optional): What has to be there of ``'16f'``,
            ``'frames'``, ``'video'`` and ``'original'``, and is looked at. Defaults to
            what is there, at least one.
        release (bool): Whether there have to be the release's five folds, of its
            sizes; else those are looked at that are there. Defaults to True.
        verify (bool): Whether to decode every picture, and first and last frame of the
            videos. Defaults to True.
        workers (int, optional): Processes. Defaults to one a core.
        examples (int): Clips named for each kind of problem. Defaults to 10.

    Returns:
        dict: Plain values, as JSON holds them: ``root``, ``votes`` (path or None),
        ``folds`` (by number: ``train``, ``test``, ``test_by_class``), ``sources`` (by
        name: ``folders``, ``clips``, ``frames`` as least, median and greatest,
        ``problems`` by kind with ``count`` and ``examples``), ``problems`` and
        ``notes`` (sentences). The copy is whole if ``problems`` is empty.

    Raises:
        FileNotFoundError: If the root is not there, or holds no lists.
        ValueError: If a source is unknown.
    """
    unknown = set(sources or ()) - set(CLIP_FOLDERS)
    if unknown:
        raise ValueError(f'sources are of {(*CLIP_FOLDERS,)}, got {sorted(unknown)}')
    layout = DFEWLayout(root)
    report: dict[str, Any] = dict(
        root=str(layout.root), votes=None, folds={}, sources={}, problems=[], notes=[]
    )
    try:
        report['votes'] = str(layout.annotation_file())
    except FileNotFoundError as error:
        report['notes'].append(str(error))
    listed = _check_lists(layout, release, report)
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


def _check_lists(layout: DFEWLayout, release: bool, report: dict) -> set[int]:
    say: Callable[[str], None] = report['problems'].append
    lists: dict[tuple, dict[int, int]] = {}
    folds = list(RELEASE if release else layout.folds() or RELEASE)
    for fold in folds:
        for part in ('train', 'test'):
            try:
                path = layout.split_file(part, fold)
                lists[part, fold] = read_split_csv(path, len(CLASSES))
            except (FileNotFoundError, OSError, ValueError) as error:
                say(str(error))
    everything: set[int] = set().union(*lists.values())
    for fold in folds:
        train, test = lists.get(('train', fold)), lists.get(('test', fold))
        if train is None or test is None:
            continue
        counts = Counter(test.values())
        got = [counts[label] for label in range(len(CLASSES))]
        report['folds'][fold] = dict(
            train=len(train), test=len(test), test_by_class=dict(zip(CLASSES, got))
        )
        if both := train.keys() & test.keys():
            say(
                f'fold {fold}: {len(both)} clips are in train and in test: {_few(both)}'
            )
        if lacking := everything - train.keys() - test.keys():
            say(
                f'fold {fold}: {len(lacking)} clips of other folds are in neither '
                f'part: {_few(lacking)}'
            )
        if not release:
            continue
        train_size, test_size, by_class = RELEASE[fold]
        for part, size, expected in (
            ('train', len(train), train_size),
            ('test', len(test), test_size),
        ):
            if size != expected:
                say(f'fold {fold}, {part}: {size} clips, the release has {expected}')
        for name, number, expected in zip(CLASSES, got, by_class):
            if number != expected:
                say(
                    f'fold {fold}, test: {number} clips are {name}, the release has '
                    f'{expected}'
                )
    owner: dict[int, int] = {}
    for (part, fold), clips in lists.items():
        if part == 'test':
            if both := clips.keys() & owner.keys():
                say(
                    f'fold {fold}: {len(both)} test clips are test clips of another '
                    f'fold too: {_few(both)}'
                )
            owner.update(dict.fromkeys(clips, fold))
    if len(report['folds']) == len(folds) and (never := everything - owner.keys()):
        say(f'{len(never)} clips are in no test part: {_few(never)}')
    return everything


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


def _few(numbers: set[int]) -> str:
    first = ', '.join(f'{number:05d}' for number in sorted(numbers)[:10])
    return first + (', …' if len(numbers) > 10 else '')
