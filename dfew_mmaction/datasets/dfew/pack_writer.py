"""Writes a pack: all frames of a source, decoded once."""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from ...utils import DecodeError, atomic_write, cpu_count, list_frames, write_json
from ...utils.json_files import read_json
from .layout import FRAME_SOURCES, DFEWLayout
from .pack import BEGUN, DONE, PACKS, VERSION, Pack, digest_frames
from .pack_store import Task, decode, store_frames
from .parts import read_part


def pack_dfew(
    root: str | Path,
    out: str | Path | None = None,
    *,
    source: str = '16f',
    scale: tuple[int, int] | None = (112, 112),
    exact: bool = False,
    fold: int | None = None,
    workers: int | None = None,
    skip_broken: bool = False,
) -> Pack:
    """Pack the frames of a DFEW tree; continues after an interruption.

    Args:
        root (str | Path): The tree, see :class:`DFEWLayout`.
        out (str | Path, optional): Folder of the pack. Defaults to one in
            ``ROOT/packed`` that is named by source and size.
        source (str): ``'16f'`` or ``'frames'``. Defaults to ``'16f'``.
        scale (tuple[int, int], optional): Width and height of the frames; None for
            those of the first file. Defaults to (112, 112).
        exact (bool): See :class:`DecodeFaceFrames`. Defaults to False.
        fold (int, optional): Only the clips in the lists of this fold. Defaults to all
            clips on disk.
        workers (int, optional): Number of processes. Defaults to the number of cores.
        skip_broken (bool): Leave out clips that cannot be decoded. Defaults to False:
            an error after all others have been packed.

    Returns:
        Pack: The complete pack.

    Raises:
        DecodeError: If clips cannot be decoded; names them.
        FileNotFoundError: If the tree lacks the source or a list.
        OSError: If the disk is too small.
        RuntimeError: If another process is writing the same pack.
        ValueError: If there is a pack with other settings or of another tree, or
            ``workers`` is below 1.
    """
    if workers is not None and workers < 1:
        raise ValueError(f'workers must be at least 1, got {workers}')
    if source not in FRAME_SOURCES:
        raise ValueError(f'source must be one of {FRAME_SOURCES}, got {source!r}')
    layout = DFEWLayout(root)
    tasks, settings = _plan(layout, source, fold)
    settings.update(
        stored='frames', size=list(scale or _size(tasks)), exact=exact or scale is None
    )
    out = Path(out or layout.root / PACKS / _name(settings, fold))
    out.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(out / '.lock', timeout=0):
            if (out / DONE).is_file():
                return _existing(out, settings)
            _begin(out, settings)
            sums, broken = store_frames(out, tasks, settings, workers or cpu_count())
            _refuse_broken(broken, skip_broken)
            _finish(out, tasks, sums, broken)
    except Timeout:
        raise RuntimeError(f"another process is writing the pack '{out}'") from None
    return Pack(out)


def _plan(layout: DFEWLayout, source: str, fold: int | None) -> tuple[list, dict]:
    """Clips to pack, in the order of their numbers, and settings."""
    clips = layout.clips(source)
    wanted = sorted(clips)
    if fold is not None:
        listed = {
            n for part in ('train', 'test') for n in read_part(layout, fold, part)
        }
        if lacking := sorted(listed - clips.keys()):
            raise FileNotFoundError(
                f'{len(lacking)} clips in the lists of fold {fold} are not in '
                f"'{layout.root}', such as {lacking[0]:05d}. Complete the copy."
            )
        wanted = sorted(listed)
    tasks: list[Task] = []
    first = 0
    names = [(number, list_frames(clips[number])) for number in wanted]
    names = [(number, found) for number, found in names if found]
    for number, found in names:
        paths = [os.path.join(clips[number], name) for name in found]
        tasks.append((number, first, paths))
        first += len(found)
    if not tasks:
        raise FileNotFoundError(f"no frame of source '{source}' in '{layout.root}'")
    settings = dict(
        version=VERSION, source=source, clips=len(tasks), frames=first,
        digest=digest_frames((n, clips[n], found) for n, found in names),
    )  # fmt: skip
    return tasks, settings


def _size(tasks: Sequence[Task]) -> tuple[int, int]:
    found = decode(tasks[0][2][:1], None, True)
    return found.shape[2:0:-1]


def _name(settings: dict, fold: int | None) -> str:
    name = '{}_{}x{}'.format(settings['source'], *settings['size'])
    name += '_exact' * settings['exact']
    return name if fold is None else f'{name}_fold{fold}'


def _existing(out: Path, settings: dict) -> Pack:
    """Open an existing complete pack with these settings."""
    pack = Pack(out)
    # A pack without checksums can be used as well.
    other = {k: pack.settings.get(k) for k in settings} | {'version': VERSION}
    if other != settings:
        raise ValueError(_differs(out, other, settings))
    return pack


def _begin(out: Path, settings: dict) -> None:
    begun = out / BEGUN
    if begun.is_file():
        other = read_json(begun, 'description of a pack', {})
        if other != settings:
            raise ValueError(_differs(out, other, settings))
        return
    write_json(begun, settings)


def _differs(out: Path, other: dict, settings: dict) -> str:
    keys = [k for k in settings if settings[k] != other.get(k)]
    return (
        f"'{out}' is a pack with other settings or of another state of the tree: "
        + ', '.join(f'{k} {other.get(k)} there, {settings[k]} now' for k in keys)
        + '. Delete it, or choose another folder with --out.'
    )


def _refuse_broken(broken: dict[int, str], skip: bool) -> None:
    if broken and not skip:
        first = ''.join(f'\n  {n:05d}: {broken[n]}' for n in sorted(broken)[:10])
        raise DecodeError(
            f'{len(broken)} clips cannot be decoded; all others are packed:{first}\n'
            'Copy them again and run the same command, which continues, or leave them '
            'out with --skip-broken.'
        )


def _finish(
    out: Path, tasks: Sequence[Task], sums: dict[int, int], broken: dict[int, str]
) -> None:
    table = [
        (number, first, len(paths), sums[number])
        for number, first, paths in tasks
        if number not in broken
    ]
    with atomic_write(out / 'clips.npy') as path:
        np.save(path, np.array(table, np.int64).reshape(-1, 4))
    content = (out / 'clips.npy').read_bytes()
    settings = read_json(out / BEGUN, 'description of a pack', {})
    settings['clips_sha256'] = hashlib.sha256(content).hexdigest()
    settings['broken'] = {str(n): broken[n] for n in sorted(broken)}
    write_json(out / DONE, settings)
    for leftover in (BEGUN, 'done.txt'):
        (out / leftover).unlink(missing_ok=True)
