"""Finds the parts of a copy of DFEW, also in renamed folders.

The layout of the release::

    DFEW/
    ├── EmoLabel_DataSplit/{train,test}(single-labeled)/set_1.csv … set_5.csv
    └── Clip/
        ├── original/1.mp4
        ├── clip_224x224_avi/00001.avi
        ├── clip_224x224/00001/00001_00001.jpg …
        └── clip_224x224_16f/00001/1.jpg … 16.jpg

Variations in copies: an additional level ``DFEW-part2/``, ``train(single_labeled)`` or
``train``, ``part_1 … part_11`` in a clip folder, ``clip_224x16f``.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from ...utils import real_paths
from ...video import VIDEO_SUFFIXES

SPLIT_FOLDERS = ('{}(single-labeled)', '{}(single_labeled)', '{}')
CLIP_FOLDERS = {
    '16f': ('clip_224x224_16f', 'clip_224x16f', 'clip_224_16f'),
    'frames': ('clip_224x224', 'clip_224'),
    'video': ('clip_224x224_avi', 'clip_224_avi', 'clip_avi'),
    'original': ('original',),
}
#: File of a finished demo set.
DEMO_MARKER = 'demo_set.json'
FRAME_SOURCES = ('16f', 'frames')


class DFEWLayout:
    """Find the parts of a DFEW tree on disk.

    Args:
        root (str | Path): Folder of the release, or its parent folder.

    Raises:
        FileNotFoundError: If the folder is missing or does not contain DFEW. The
            message says what was searched for, how to request access to DFEW and how to
            make the demo set.
    """

    def __init__(self, root: str | Path) -> None:
        self.root = Path(root).expanduser()
        if not self.root.is_dir():
            raise FileNotFoundError(self._not_here('there is no such folder'))
        # The parts of the release may be in the root or one folder below it.
        self._homes = [self.root, *_folders(self.root)]
        lists = self._find(['EmoLabel_DataSplit'])
        if not lists:
            raise FileNotFoundError(
                self._not_here('neither it nor a folder in it has `EmoLabel_DataSplit`')
            )
        self._splits = lists[0]

    def _not_here(self, why: str) -> str:
        return (
            f"No DFEW in '{self.root}' (that is {self.root.absolute()}): {why}. "
            'Set the root by DFEW_ROOT or `data_root`. Request access to DFEW at '
            'https://dfew-dataset.github.io/. To try without it, make the demo set: '
            f"`python tools/data/make_demo.py '{self.root}'`."
        )

    def _find(self, names: list[str]) -> list[Path]:
        for name in names:
            if found := [h / name for h in self._homes if (h / name).is_dir()]:
                return found
        return []

    @property
    def is_demo(self) -> bool:
        """Whether this is a demo set by ``tools/data/make_demo.py``."""
        return any((home / DEMO_MARKER).is_file() for home in self._homes)

    def split_file(self, split: str, fold: int | None) -> Path:
        """Path of the list of one part of one fold.

        Args:
            split (str): ``'train'`` or ``'test'``.
            fold (int): Number of the fold, from 1.

        Raises:
            FileNotFoundError: If it is missing; names what was searched for.
        """
        names = [name.format(split) for name in SPLIT_FOLDERS]
        for name in names:
            path = self._splits / name / f'set_{fold}.csv'
            if path.is_file():
                return path
        raise FileNotFoundError(
            f"No list for fold {fold}, part '{split}': searched for `set_{fold}.csv` "
            'in '
            + ', '.join(f"'{self._splits / name}'" for name in names)
            + '. DFEW has the folds 1 to 5.'
        )

    def folds(self) -> list[int]:
        """Sorted numbers of the folds that have a list."""
        found = {
            int(path.stem.removeprefix('set_'))
            for split in ('train', 'test')
            for name in SPLIT_FOLDERS
            for path in (self._splits / name.format(split)).glob('set_*.csv')
            if path.stem.removeprefix('set_').isdecimal()
        }
        return sorted(found)

    def annotation_file(self) -> Path:
        """Path of the table of votes.

        Raises:
            FileNotFoundError: If it is missing; names what was searched for.
        """
        names = [f'Annotation/annotation{ending}' for ending in ('.xlsx', '.csv')]
        for path in (home / name for name in names for home in self._homes):
            if path.is_file():
                return path
        raise FileNotFoundError(
            f"No votes in '{self.root}': searched for {' and '.join(names)}, there and "
            'one folder below. Copy them from the release, or set '
            "`label_type='single'`."
        )

    def clip_folders(self, source: str) -> list[Path]:
        """Folders of the clips of one source, one per part of the release.

        Args:
            source (str): ``'16f'``, ``'frames'``, ``'video'`` or ``'original'``.

        Raises:
            FileNotFoundError: If this copy lacks the source; names the sources that it
                has.
        """
        found = {
            name: self._find([f'Clip/{folder}' for folder in folders] + list(folders))
            for name, folders in CLIP_FOLDERS.items()
        }
        if not found[source]:
            there = ', '.join(repr(k) for k, v in found.items() if v) or 'none'
            raise FileNotFoundError(
                f"No clips of source '{source}' in '{self.root}': searched for "
                + ' or '.join(f"'Clip/{name}'" for name in CLIP_FOLDERS[source])
                + f'. This copy has the sources: {there}.'
            )
        return found[source]

    def clips(self, source: str) -> dict[int, str]:
        """Paths of all clips of one source by number.

        Args:
            source (str): See :meth:`clip_folders`.

        Returns:
            dict[int, str]: Folder of frames or video by clip number.

        Raises:
            ValueError: If a number occurs in two places.
        """
        clips: dict[int, str] = {}
        for folder in self.clip_folders(source):
            for number, path in _numbered(str(folder), source in FRAME_SOURCES):
                other = clips.setdefault(number, path)
                if other != path and len(set(real_paths([other, path]))) > 1:
                    raise ValueError(
                        f"Clip {number} is there twice: in '{other}' and in '{path}'. "
                        f"Move the one that you do not want out of '{self.root}'."
                    )
        return clips


def _numbered(folder: str, wants_folder: bool) -> Iterator[tuple[int, str]]:
    """Clips in a folder and its subfolders ``part…``, by number."""
    pending = [folder]
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                name = entry.name
                is_folder = entry.is_dir()
                if is_folder and not name.isdecimal():
                    if name.startswith('part'):
                        pending.append(entry.path)
                elif is_folder and wants_folder:
                    yield int(name), entry.path
                elif not is_folder and not wants_folder:
                    stem, suffix = os.path.splitext(name)
                    if stem.isdecimal() and suffix.lower() in VIDEO_SUFFIXES:
                        yield int(stem), entry.path


def _folders(path: Path) -> list[Path]:
    return sorted(p for p in path.iterdir() if p.is_dir() and p.name[0] != '.')
