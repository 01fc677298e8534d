"""Packs: the decoded frames of a data set in one file."""

import hashlib
import os
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from ...utils import DecodeError, list_frames
from ...utils.arrays import load_array
from ...utils.json_files import check_shape, read_json
from .layout import DFEWLayout

#: Folder of a set that contains its packs.
PACKS = 'packed'
#: The file that is written last, and its name in an incomplete pack.
DONE, BEGUN = 'pack.json', 'packing.json'
#: Packs of version 2 have no checksums.
VERSION = 3
#: Shape of ``pack.json``.
SHAPE = dict(
    source=str, frames=int, size=[int], exact=bool, digest=(str, None),
    broken={str: str},
)  # fmt: skip


class Pack:
    """A pack on disk, by ``tools/data/pack_dfew.py``.

    ::

        packed/16f_112x112/
        ├── pack.json    settings and the checksum of clips.npy; written last
        ├── clips.npy    int64 (clips, 4): number, first frame, frames, CRC-32 of them
        └── frames.npy   uint8 (frames, H, W, 3), RGB

    Frames are memory-mapped: processes share the cached pages, and a process that
    receives this object opens the file again. The checksum of a clip is checked when a
    process first reads it; damaged bytes are an error.

    Args:
        folder (str | Path): The pack.

    Raises:
        FileNotFoundError: If the folder contains no pack.
        ValueError: If it is incomplete, damaged or of another version.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        if not (self.folder / DONE).is_file():
            if (self.folder / BEGUN).is_file():
                raise ValueError(
                    f"the pack '{self.folder}' is incomplete: run the command that "
                    'made it (tools/data/pack_dfew.py) again, which continues'
                )
            raise FileNotFoundError(
                f"there is no pack in '{self.folder}' (no {DONE}): write one by "
                '`python tools/data/pack_dfew.py ROOT`'
            )
        try:
            #: dict: ``source``, ``stored``, ``size``, ``exact``, ``digest``, …
            self.settings: dict[str, Any] = read_json(
                self.folder / DONE,
                'description of a pack',
                dict(version=int, stored=str),
            )
            if self.settings['version'] not in (VERSION - 1, VERSION):
                raise ValueError(f'it is of version {self.settings["version"]}')
            if self.settings['stored'] != 'frames':
                raise ValueError(
                    'it contains image files in LMDB, which this version does not read'
                )
            check_shape(self.settings, SHAPE)
            path = self.folder / 'clips.npy'
            expected = self.settings.get('clips_sha256')
            if expected and hashlib.sha256(path.read_bytes()).hexdigest() != expected:
                raise ValueError('clips.npy is damaged: its checksum differs')
            table = _checked(load_array(path), self.settings['frames']).tolist()
            #: dict[int, tuple[int, int]]: First frame and number of frames, by clip.
            self.clips: dict[int, tuple[int, int]] = {
                row[0]: (row[1], row[2]) for row in table
            }
            self._unchecked = {row[0]: row[3] for row in table if len(row) > 3}
            self._frames: np.ndarray | None = None
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
        """Open a pack of a data set.

        Args:
            root (str | Path): Folder of the set.
            name (str, optional): Name of the pack in ``ROOT/packed``, or path of
                another one. Defaults to the only pack.

        Raises:
            FileNotFoundError: If there is no such pack.
            ValueError: If there are several packs and no name.
        """
        home = Path(root).expanduser() / PACKS
        if name is not None:
            inside = home / name
            return cls(inside if inside.is_dir() else Path(name).expanduser())
        there = sorted(p for p in home.glob('*') if p.is_dir()) if home.is_dir() else []
        if len(there) > 1:
            raise ValueError(
                f"there are several packs in '{home}': choose one by pack="
                + ' or '.join(repr(path.name) for path in there)
            )
        return cls(there[0] if there else home)

    def check(self, layout: DFEWLayout) -> None:
        """Compare the pack with the data set, if the set contains the frames.

        Args:
            layout (DFEWLayout): The set.

        Raises:
            ValueError: If the set has other clips or frames than the pack.
        """
        source = self.settings['source']
        try:
            there = layout.clips(source)
        except FileNotFoundError:
            return  # only the pack was copied
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
                f"the pack '{self.folder}' does not match '{layout.root}' as it is now "
                f"(source '{source}'): {what}. Pack again by `python "
                'tools/data/pack_dfew.py ROOT`'
            )

    def sample(self, number: int) -> dict:
        """Keys of the frames of a clip in a sample.

        Args:
            number (int): Of the clip.

        Returns:
            dict: ``total_frames``, ``packed_frames`` of shape (n, H, W, 3) and
            ``packed_exact``.

        Raises:
            DecodeError: If the frames differ from the packed ones.
        """
        first, count = self.clips[number]
        frames = self._mapped()[first : first + count]
        expected = self._unchecked.get(number)
        if expected is not None and zlib.crc32(frames.data) != expected:
            raise DecodeError(
                f"clip {number:05d} of the pack '{self.folder}' is damaged: its "
                'checksum differs. Delete the pack and pack again'
            )
        self._unchecked.pop(number, None)
        return dict(
            total_frames=count,
            packed_frames=frames,
            packed_exact=self.settings['exact'],
        )

    def _mapped(self) -> np.ndarray:
        if self._frames is None:
            self._frames = load_array(self.folder / 'frames.npy', mmap=True)
        return self._frames

    def __getstate__(self) -> dict:
        # A spawned process would receive a copy of the memory map.
        return dict(self.__dict__, _frames=None)


def _checked(table: np.ndarray, frames: int) -> np.ndarray:
    """Refuse clips whose frames are not in the pack."""
    if table.dtype != np.int64 or table.ndim != 2 or table.shape[1] not in (3, 4):
        raise ValueError(f'clips.npy has {table.dtype} of shape {table.shape}')
    first, count = table[:, 1], table[:, 2]
    if not ((first >= 0) & (count > 0) & (count <= frames - first)).all():
        raise ValueError(f'clips.npy names frames that are not among the {frames}')
    return table


def digest_frames(clips: Iterable[tuple[int, str, list]]) -> str:
    """Compute a digest of clips from names and sizes of frames.

    The size of the first frame is included because all trees with 16 frames per clip
    have the same names.

    Args:
        clips (Iterable[tuple[int, str, list[str]]]): Number, folder, names of frames.
    """
    found = hashlib.sha256()
    for number, folder, names in clips:
        size = os.stat(os.path.join(folder, names[0])).st_size if names else 0
        found.update(os.fsencode(f'{number}:{size}:{"/".join(names)}\n'))
    return found.hexdigest()
