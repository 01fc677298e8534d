"""A set that was packed into one file, so that nothing is decoded twice."""

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from ..utils import list_frames
from .layout import DFEWLayout

#: Folder of a set in which packs are looked for.
PACKS = 'packed'
#: What is written last, and what stands in its place until then.
DONE, BEGUN = 'pack.json', 'packing.json'
VERSION = 2


class Pack:
    """A pack on disk; ``tools/data/pack_dfew.py`` writes one.

    ::

        packed/16f_112x112/
        ├── pack.json    what was packed and how; written last
        ├── clips.npy    int64 (clips, 3): clip number, its first frame, their number
        └── frames.npy   uint8 (frames, H, W, 3), RGB

    Frames are mapped into memory, not read: processes share what the system keeps of
    them, and a process that is given this object opens the file anew.

    Args:
        folder (str | Path): The pack.

    Raises:
        FileNotFoundError: If there is no pack in it.
        ValueError: If it is half-written, damaged or of another release.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        if not (self.folder / DONE).is_file():
            if (self.folder / BEGUN).is_file():
                raise ValueError(
                    f"the pack '{self.folder}' is half-written: give the command "
                    'that made it (tools/data/pack_dfew.py) again, it goes on'
                )
            raise FileNotFoundError(
                f"there is no pack in '{self.folder}' (no {DONE}): write one by "
                '`python tools/data/pack_dfew.py ROOT`'
            )
        try:
            #: dict: ``source``, ``stored``, ``size``, ``exact``, ``digest``, …
            self.settings: dict[str, Any] = json.loads(
                (self.folder / DONE).read_text(encoding='utf-8')
            )
            if self.settings['version'] != VERSION:
                raise ValueError(f'it is of version {self.settings["version"]}')
            table = np.load(self.folder / 'clips.npy')
            #: dict[int, tuple[int, int]]: First frame and their number, by clip.
            self.clips: dict[int, tuple[int, int]] = {
                number: (first, count) for number, first, count in table.tolist()
            }
            self._frames: np.ndarray | None = None
            if self.settings['stored'] != 'frames':
                raise ValueError(
                    'it holds image files in LMDB, which this version does not read'
                )
            shape = (self.settings['frames'], *self.settings['size'][::-1], 3)
            if self._mapped().shape != shape:
                raise ValueError(f'frames.npy is not of shape {shape}')
        except (OSError, KeyError, TypeError, ValueError) as error:
            raise ValueError(
                f"the pack '{self.folder}' cannot be read ({error}): delete it and "
                'pack again by `python tools/data/pack_dfew.py ROOT`'
            ) from error

    @classmethod
    def find(cls, root: str | Path, name: str | None = None) -> 'Pack':
        """Open the pack of a set.

        Args:
            root (str | Path): Folder of the set.
            name (str, optional): Of the pack in ``ROOT/packed``, or the path of one
                that lies elsewhere. Defaults to the only one there is.

        Raises:
            FileNotFoundError: If there is none of that name.
            ValueError: If there are several and none is named.
        """
        home = Path(root).expanduser() / PACKS
        if name is not None:
            inside = home / name
            return cls(inside if inside.is_dir() else Path(name).expanduser())
        there = sorted(p for p in home.glob('*') if p.is_dir()) if home.is_dir() else []
        if len(there) > 1:
            raise ValueError(
                f"there are several packs in '{home}': say which by pack="
                + ' or '.join(repr(path.name) for path in there)
            )
        return cls(there[0] if there else home)

    def check(self, layout: DFEWLayout) -> None:
        """Compare the pack with the tree; a tree without these frames passes.

        Args:
            layout (DFEWLayout): The set.

        Raises:
            ValueError: If the tree has other clips or frames than were packed.
        """
        source = self.settings['source']
        try:
            there = layout.clips(source)
        except FileNotFoundError:
            return  # the pack was taken along, the frames were not
        packed = sorted({*self.clips, *map(int, self.settings['broken'])})
        lacking = [number for number in packed if number not in there]
        digest = None
        if not lacking:
            names = ((n, there[n], list_frames(there[n])) for n in packed)
            digest = digest_frames(names)
        if digest != self.settings['digest']:
            what = (
                f'{len(lacking)} of its clips are not there, such as {lacking[0]:05d}'
                if lacking
                else 'the frames of its clips have other names, numbers or sizes'
            )
            raise ValueError(
                f"the pack '{self.folder}' is not of the tree '{layout.root}' as it "
                f"is now (source '{source}'): {what}. Pack again by `python "
                'tools/data/pack_dfew.py ROOT`'
            )

    def sample(self, number: int) -> dict:
        """What transforms read the frames of a clip from.

        Args:
            number (int): Of the clip.

        Returns:
            dict: ``total_frames``, ``packed_frames`` of shape (n, H, W, 3) and
            ``packed_exact``.
        """
        first, count = self.clips[number]
        return dict(
            total_frames=count,
            packed_frames=self._mapped()[first : first + count],
            packed_exact=self.settings['exact'],
        )

    def _mapped(self) -> np.ndarray:
        if self._frames is None:
            self._frames = np.load(self.folder / 'frames.npy', mmap_mode='r')
        return self._frames

    def __getstate__(self) -> dict:
        # A memory map would be copied, all of it, to a process that is spawned.
        return dict(self.__dict__, _frames=None)


def digest_frames(clips: Iterable[tuple[int, str, list]]) -> str:
    """One number for clips: the names of their frames, and the size of each's first.

    The names are the same in any tree of 16 frames, the sizes of pictures are not.

    Args:
        clips (Iterable[tuple[int, str, list[str]]]): Number, folder, names of frames.
    """
    found = hashlib.sha256()
    for number, folder, names in clips:
        size = os.stat(os.path.join(folder, names[0])).st_size if names else 0
        found.update(os.fsencode(f'{number}:{size}:{"/".join(names)}\n'))
    return found.hexdigest()
