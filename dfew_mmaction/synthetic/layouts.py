"""Copies of a demo set in the layouts of other sets."""

import csv
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from ..annotations import read_votes
from ..utils import MAFW_CLASSES, atomic_folder, atomic_write
from .expressions import CLASSES
from .store import ANNOTATION, item_path, split_path

# Class names of the releases, in the order of CLASSES.
_FOLDERS = ('Happy', 'Sad', 'Neutral', 'Angry', 'Surprise', 'Disgust', 'Fear')
_CAER = ('Happy', 'Sad', 'Neutral', 'Anger', 'Surprise', 'Disgust', 'Fear')
_MAFW = {'happy': 'happiness', 'sad': 'sadness', 'angry': 'anger'}
_SCENES = ('Action', 'DailyLife', 'School')


def lay_out(root: str | os.PathLike, out: str | os.PathLike, layout: str) -> Path:
    """Copy a demo set into the layout of another set.

    If the other set has no folds, the test part is that of fold 1.

    Args:
        root (str | os.PathLike): Set of :func:`.make_demo` with the source
            ``'frames'``; for ``'caer'`` with ``'video'``, for ``'mafw'`` also with
            ``'original'``, for ``'csv'`` with ``'16f'`` or ``'frames'``.
        out (str | os.PathLike): Folder to write to, which must not exist.
        layout (str): One of :data:`LAYOUTS`. There are no clips of the four classes of
            MAFW that DFEW lacks.

    Returns:
        Path: ``out``.

    Raises:
        ValueError: If the layout is unknown.
        FileNotFoundError: If there is no demo set, or it lacks a source.
        FileExistsError: If ``out`` exists.
    """
    if layout not in LAYOUTS:
        raise ValueError(f'layout must be one of {tuple(LAYOUTS)}, got {layout!r}')
    root, out = Path(root), Path(out)
    if not (root / split_path('train', 1)).is_file():
        raise FileNotFoundError(f"'{root}' is not a demo set: make one by make_demo")
    if out.exists():
        raise FileExistsError(f"'{out}' already exists: choose another folder")
    with atomic_folder(out) as part:
        LAYOUTS[layout](root, part)
    return out


def _ferv39k(root: Path, out: Path) -> None:
    for part in ('train', 'test'):
        lines = []
        for number, label in _listed(root, part):
            word = _FOLDERS[label - 1]
            name = f'{_SCENES[number % len(_SCENES)]}/{word}/{number:04d}'
            _copy(root, 'frames', number, out / '2_ClipsforFaceCrop' / name)
            lines.append(f'{name} {word}')
        _write(out / '4_setups' / 'All_scenes' / f'{part}_All.csv', lines)


def _mafw(root: Path, out: Path) -> None:
    lists = out / 'Train & Test Set'
    votes = read_votes(root / ANNOTATION)
    mixed = {}
    for number, row in votes.iterrows():
        # Two classes that share the votes represent a compound expression.
        if row.max() < 6 and (root / item_path('frames', number)).is_dir():
            names = row.sort_values(ascending=False, kind='stable').index[:2]
            order = sorted(names, key=MAFW_CLASSES.index)
            mixed[number] = '_'.join(_MAFW.get(name, name) for name in order)
    single = {n: x for p in ('train', 'test') for n, x in _listed(root, p)}
    for number in [*single, *mixed]:
        _copy(root, 'frames', number, out / 'data' / 'faces' / f'{number:05d}')
        _copy(root, 'original', number, out / 'data' / 'clips' / f'{number:05d}.mp4')
    for fold in range(1, _folds(root) + 1):
        for part in ('train', 'test'):
            named = [(n, CLASSES[x - 1]) for n, x in _listed(root, part, fold)]
            words = {n: _MAFW.get(name, name) for n, name in named}
            also = [
                n for n in mixed if (n % _folds(root) + 1 == fold) == (part == 'test')
            ]
            both = {**words, **{n: mixed[n] for n in also}}
            for kind, clips in (('single', words), ('compound', both)):
                lines = [f'{n:05d}.mp4 {word}' for n, word in clips.items()]
                _write(lists / kind / 'no_caption' / f'set_{fold}/{part}.txt', lines)
                told = [
                    f'{n:05d}.mp4\t{word}\t一张画出来的脸。\tA drawn face.'
                    for n, word in clips.items()
                    if word != 'neutral'
                ]
                path = lists / kind / 'with_caption' / f'set_{fold}/{part}.txt'
                _write(path, told, 'gb18030')


def _afew(root: Path, out: Path) -> None:
    for part, folder in (('train', 'train'), ('test', 'validation')):
        for number, label in _listed(root, part):
            place = out / 'AFEW_Face' / folder / _FOLDERS[label - 1] / f'{number:09d}'
            _copy(root, 'frames', number, place)


def _caer(root: Path, out: Path) -> None:
    test = set(_listed(root, 'test'))
    val = set(_listed(root, 'test', 2)) - test
    parts = {'test': test, 'validation': val}
    parts['train'] = set(_listed(root, 'train')) - test - val
    for part, clips in parts.items():
        for label, word in enumerate(_CAER, 1):
            numbers = sorted(n for n, own in clips if own == label)
            for place, number in enumerate(numbers, 1):
                path = out / 'CAER' / part / word / f'{place:04d}.avi'
                _copy(root, 'video', number, path)


def _csv(root: Path, out: Path) -> None:
    source = '16f' if (root / item_path('16f', 1)).parent.is_dir() else 'frames'
    for fold in range(1, _folds(root) + 1):
        for part in ('train', 'test'):
            lines = ['path,label']
            for number, label in _listed(root, part, fold):
                lines.append(f'clips/{number:05d},{CLASSES[label - 1]}')
                if fold == 1:
                    _copy(root, source, number, out / 'clips' / f'{number:05d}')
            _write(out / f'set_{fold}' / f'{part}.csv', lines)


#: Layouts by the name of the set, and ``'csv'`` for :class:`.ExpressionDataset`.
LAYOUTS: dict[str, Callable[[Path, Path], None]] = {
    'ferv39k': _ferv39k, 'mafw': _mafw, 'afew': _afew, 'caer': _caer, 'csv': _csv,
}  # fmt: skip


def _listed(root: Path, part: str, fold: int = 1) -> list[tuple[int, int]]:
    with open(root / split_path(part, fold), encoding='utf-8-sig', newline='') as file:
        return [(int(n), int(label)) for n, label in list(csv.reader(file))[1:]]


def _folds(root: Path) -> int:
    return len(list((root / split_path('train', 1)).parent.glob('set_*.csv')))


def _copy(root: Path, source: str, number: int, place: Path) -> None:
    origin = root / item_path(source, number)
    if not origin.exists():
        raise FileNotFoundError(
            f"the demo set in '{root}' has no '{origin.relative_to(root)}': draw it "
            f"with the source '{source}'"
        )
    place.parent.mkdir(parents=True, exist_ok=True)
    if origin.is_dir():
        shutil.copytree(origin, place)
    else:
        shutil.copyfile(origin, place)


def _write(path: Path, lines: Sequence[str], encoding: str = 'utf-8') -> None:
    with atomic_write(path) as temporary:
        temporary.write_text('\n'.join(lines) + '\n', encoding=encoding)
