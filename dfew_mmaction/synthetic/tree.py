"""Writes a demo set in the folder layout of the DFEW release."""

import json
import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from ..utils import (
    PART,
    atomic_folder,
    check_installed,
    cpu_count,
    remove,
    run_parallel,
    track,
)
from .expressions import CLASSES
from .guard import DRAWING_VERSION, MARKER, UNFINISHED, refuse_others
from .identity import STYLES
from .plan import IMBALANCES, PlannedClip, plan_clips
from .store import (
    ANNOTATION,
    FOLDERS,
    SOURCES,
    SPLITS,
    item_path,
    planned_sources,
    split_path,
    write_annotation,
    write_clip,
    write_splits,
)

# Arguments of the plan of a set.
_PLANNED = (
    'num_clips', 'num_identities', 'seed', 'folds', 'imbalance', 'min_frames',
    'max_frames', 'unlabelled',
)  # fmt: skip


def make_demo(
    root: str | os.PathLike,
    num_clips: int = 1400,
    num_identities: int = 200,
    *,
    seed: int = 0,
    folds: int = 5,
    imbalance: str = 'none',
    min_frames: int = 11,
    max_frames: int = 40,
    sources: Sequence[str] = SOURCES,
    unlabelled: float = 0.08,
    workers: int | None = None,
    style: str = 'default',
) -> dict:
    """Draw a set of moving faces in the folder layout of the DFEW release.

    The same arguments give the same bytes in each file, for any number of workers.
    Repeating an interrupted call continues it; for a finished set the function returns
    at once, or restores deleted files.

    Args:
        root (str | os.PathLike): Folder to write to: new, empty, or with a set of the
            same arguments.
        num_clips (int): Number of clips in the lists. There are further clips without a
            single label and 3 % without enough faces.
            Defaults to 1400.
        num_identities (int): Number of persons, at least one per fold. Defaults to 200.
        seed (int): Random seed, at least 0. Defaults to 0.
        folds (int): Number of folds, at least 2. Defaults to 5.
        imbalance (str): 'none' for equal classes, 'dfew' for the shares of the
            release, 'neutral' for neutral clips with one clip of each other class.
            Defaults to 'none'.
        min_frames (int): Least number of aligned frames per clip. Defaults to 11.
        max_frames (int): Greatest number of frames per clip. Defaults to 40; the
            release has up to 847.
        sources (Sequence[str]): Sources to write, from '16f', 'frames', 'video' and
            'original'. Defaults to all.
        unlabelled (float): Clips without a single label, as a share of ``num_clips``,
            0 to 1. Defaults to 0.08.
        workers (int, optional): Number of processes. Defaults to the number of
            available cores.
        style (str): 'default' or 'other', two drawing styles of the same movements.
            Defaults to 'default'.

    Returns:
        dict: ``root`` (str), ``clips``, ``unlabelled``, ``without_faces``,
        ``identities``, ``frames`` (int each; frames of all scenes), ``classes`` (dict
        of clips by class) and ``already_there`` (bool).

    Raises:
        ValueError: If an argument is out of its range.
        FileExistsError: If the folder contains a set with other arguments, or other
            files. Nothing is changed then.
    """
    arguments = checked_arguments(
        num_clips=num_clips, num_identities=num_identities, seed=seed, folds=folds,
        imbalance=imbalance, min_frames=min_frames, max_frames=max_frames,
        sources=sources, unlabelled=unlabelled, style=style,
    )  # fmt: skip
    return make_set(root, arguments, write_clip, workers)


def make_set(
    root: str | os.PathLike,
    arguments: dict,
    write: Callable[..., None],
    workers: int | None = None,
) -> dict:
    """Write a set of synthetic faces of any kind.

    Args:
        root (str | os.PathLike): See :func:`make_demo`, also for the result and errors.
        arguments (dict): Those of :func:`checked_arguments` and others that define the
            set.
        write (Callable): Writes the named sources of one clip: it receives the root,
            the planned clip, the sources and ``arguments``. It is pickled.
        workers (int, optional): Number of processes. Defaults to the number of
            available cores.
    """
    if workers is None:
        workers = cpu_count()
    if workers < 1:
        raise ValueError(f'workers must be at least 1 or None, got {workers}')
    check_installed('The annotation of a synthetic set', 'synthetic', 'xlsxwriter')
    root, folds = Path(root), arguments['folds']
    clips = plan_clips(**{name: arguments[name] for name in _PLANNED})
    refuse_others(root, clips, arguments)
    todo = [
        (clip, missing)
        for clip in clips
        if (missing := _missing_sources(root, clip, arguments['sources']))
    ]
    tables = [root / ANNOTATION]
    tables += [
        root / split_path(part, fold)
        for fold in range(1, folds + 1)
        for part in ('train', 'test')
    ]
    counts = _count(root, clips)
    if (root / MARKER).exists() and not todo and all(t.exists() for t in tables):
        (root / UNFINISHED).unlink(missing_ok=True)
        return {**counts, 'already_there': True}

    marker = {'made_by': __name__, 'drawing': DRAWING_VERSION, 'arguments': arguments}
    _write_json(root / UNFINISHED, marker)
    (root / MARKER).unlink(missing_ok=True)
    try:
        _remove_parts(root)
        _draw_all(root, todo, partial(write, arguments=arguments), workers)
        write_splits(root, clips, folds)
        write_annotation(root, clips)
    except BaseException:
        _remove_parts(root)
        raise
    numbers = {k: v for k, v in counts.items() if k != 'root'}
    _write_json(root / MARKER, {**marker, 'counts': numbers})
    (root / UNFINISHED).unlink()
    return {**counts, 'already_there': False}


def _known(sources) -> bool:
    return not isinstance(sources, str) and set(sources) <= set(SOURCES)


def checked_arguments(*, styles: Sequence[str] = STYLES, **arguments) -> dict:
    """Check and collect the arguments of :func:`make_demo` that define a set."""
    if _known(arguments['sources']):
        arguments['sources'] = [s for s in SOURCES if s in arguments['sources']]
    least = {'num_clips': 1, 'seed': 0, 'folds': 2, 'min_frames': 1}
    least['num_identities'] = arguments['folds']
    least['max_frames'] = arguments['min_frames']
    for name, low in least.items():
        value = arguments[name]
        if isinstance(value, bool) or not isinstance(value, int) or value < low:
            raise ValueError(f'{name} must be a whole number >= {low}, got {value!r}')
    choices = {'imbalance': IMBALANCES, 'style': styles}
    for name, allowed in choices.items():
        if arguments[name] not in allowed:
            raise ValueError(
                f'{name} must be one of {allowed}, got {arguments[name]!r}'
            )
    sources = arguments['sources']
    if not _known(sources) or not sources:
        raise ValueError(
            f'sources must be a sequence of one or more of {SOURCES}, got {sources!r}'
        )
    if not 0 <= arguments['unlabelled'] <= 1:
        raise ValueError(
            f'unlabelled must be a share from 0 to 1, got {arguments["unlabelled"]!r}'
        )
    return arguments


def _missing_sources(root: Path, clip: PlannedClip, sources) -> list[str]:
    wanted = planned_sources(clip, sources)
    return [s for s in wanted if not (root / item_path(s, clip.number)).exists()]


def _remove_parts(root: Path) -> None:
    """Remove incomplete files of an interrupted call."""
    splits = [root / split_path(part, 1).parent for part in ('train', 'test')]
    folders = [root / folder for folder in FOLDERS.values()]
    for folder in [root, root / ANNOTATION.parent, root / SPLITS, *splits, *folders]:
        for path in folder.glob(PART + '*'):
            remove(path)


def _write_json(path: Path, content: dict) -> None:
    with atomic_folder(path) as part:
        part.write_text(json.dumps(content, indent=2) + '\n')


def _count(root: Path, clips: Sequence[PlannedClip]) -> dict:
    listed = [clip for clip in clips if clip.fold is not None]
    return {
        'root': str(root),
        'clips': len(listed),
        'unlabelled': sum(clip.label == 0 for clip in clips),
        'without_faces': sum(not clip.has_faces for clip in clips),
        'identities': len({clip.identity for clip in clips}),
        'frames': sum(clip.num_frames for clip in clips),
        'classes': {
            name: sum(clip.label == label for clip in listed)
            for label, name in enumerate(CLASSES, 1)
        },
    }


def _draw_all(root: Path, todo, write, workers) -> None:
    if not todo:
        return
    tasks = [(root, clip, missing) for clip, missing in todo]
    drawn = run_parallel(write, tasks, workers)
    for _ in track(drawn, 'drawing', len(tasks), 'clips'):
        pass
