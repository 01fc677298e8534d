"""Finds videos among files and folders."""

import logging
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..utils import DecodeError, list_frames
from .container import inspect_container

if TYPE_CHECKING:
    import pandas as pd

#: Suffixes of video files in folders.
VIDEO_SUFFIXES = (
    '.3g2', '.3gp', '.asf', '.avi', '.divx', '.dv', '.f4v', '.flv', '.ivf', '.m1v',
    '.m2t', '.m2ts', '.m2v', '.m4v', '.mkv', '.mov', '.mp4', '.mpe', '.mpeg', '.mpg',
    '.mts', '.mxf', '.nut', '.ogm', '.ogv', '.qt', '.rm', '.rmvb', '.ts', '.vob',
    '.webm', '.wmv', '.wtv', '.xvid',
)  # fmt: skip
_LOGGER = logging.getLogger(__name__)


def find_videos(paths: Sequence[str | Path]) -> list[Path]:
    """Find videos among files and, at any depth, in folders.

    Files of a folder that are skipped are counted in a warning to the log.

    Args:
        paths (Sequence[str | Path]): Files are taken whatever their suffix, folders
            and those that they link to are searched for :data:`VIDEO_SUFFIXES`. A
            ``.txt`` file contains one path per line.

    Returns:
        list[Path]: Absolute, each once; by number where their names are numbers, else
        by name.

    Raises:
        FileNotFoundError: If a path does not exist, or there is no video in any.
        PermissionError: If a folder cannot be read.
    """
    found: dict[Path, None] = {}
    for path in map(Path, paths):
        if path.suffix == '.txt' and path.is_file():
            lines = path.read_text(encoding='utf-8-sig').splitlines()
            listed = [path.parent / line.strip() for line in lines if line.strip()]
            # A missing video has a row with an error in the manifest.
            found.update(dict.fromkeys(p.absolute() for p in listed))
        elif path.is_dir():
            found.update(dict.fromkeys(_videos_in(path)))
        elif path.exists():
            found[path.absolute()] = None
        else:
            raise FileNotFoundError(f"no video or folder '{path}' exists")
    if not found:
        raise FileNotFoundError(
            f'no video in {", ".join(map(str, paths))} (expected files that end in '
            f'{", ".join(VIDEO_SUFFIXES)})'
        )

    def order(path: Path) -> tuple:
        number = re.fullmatch(r'[0-9]+', path.stem)
        return (0, int(path.stem), str(path)) if number else (1, 0, str(path))

    return sorted(found, key=order)


def is_frame_folder(path: str | Path) -> bool:
    """Whether a folder contains the frames of one video.

    A folder that contains a video file is a folder of videos, whatever other files it
    contains.
    """
    path = Path(path)
    return (
        path.is_dir()
        and bool(list_frames(path))
        and not any(_is_video(one) for one in path.iterdir())
    )


def find_sources(videos: Iterable[int | str | Path]) -> list[int | str]:
    """Find the sources for :func:`.open_video` among arguments.

    Args:
        videos (Iterable[int | str | Path]): Videos, folders of frames or of videos,
            lists (``.txt``), addresses, numbers of cameras.

    Returns:
        list[int | str]: In the given order, those of a folder sorted by
        :func:`find_videos`. Missing ones are included: opening them raises the error.
    """
    found: list[int | str] = []
    for video in map(str, videos):
        path = Path(video)
        if video.isdigit() and not path.exists():
            found.append(int(video))
        elif (path.is_dir() and not is_frame_folder(path)) or (
            path.suffix == '.txt' and path.is_file()
        ):
            try:
                found += map(str, find_videos([path]))
            except FileNotFoundError:
                found.append(video)
        else:
            found.append(video)
    return found


def clip_lengths(folder: str | Path) -> 'pd.Series':
    """Measure the length of each clip in a folder.

    Args:
        folder (str | Path): Folder of videos named by clip number, such as ``1.mp4``.

    Returns:
        pandas.Series: Seconds by clip, frames by mean frame rate; NaN for a file that
        cannot be read.

    Raises:
        FileNotFoundError: If no video is named by a number.
    """
    import pandas as pd  # half a second that training need not wait for

    lengths = {}
    for path in find_videos([folder]):
        if re.fullmatch(r'[0-9]+', path.stem):
            try:
                container = inspect_container(path)
                lengths[int(path.stem)] = container.num_frames / container.fps
            except DecodeError:
                lengths[int(path.stem)] = float('nan')
    if not lengths:
        raise FileNotFoundError(
            f"no video in '{folder}' is named by the number of its clip, such as 1.mp4"
        )
    return pd.Series(lengths, name='seconds').sort_index()


def _is_video(path: Path) -> bool:
    hidden = path.name.startswith('.')
    return path.suffix.lower() in VIDEO_SUFFIXES and not hidden and path.is_file()


def _paths_in(folder: Path) -> Iterator[Path]:
    """Paths at any depth; linked folders are entered, each folder once."""

    def stop(error: OSError) -> None:
        raise error  # a folder without permission would be left out otherwise

    entered = set()
    for home, names, files in os.walk(folder, onerror=stop, followlinks=True):
        status = os.stat(home)
        place = (status.st_dev, status.st_ino)
        if place in entered:
            names.clear()
            continue
        entered.add(place)
        names.sort()
        yield from (Path(home, name) for name in files)


def _videos_in(folder: Path) -> list[Path]:
    files = [path for path in _paths_in(folder) if path.is_file()]
    videos = [path.absolute() for path in files if _is_video(path)]
    others = Counter(
        path.suffix.lower() or 'without a suffix'
        for path in files
        if not _is_video(path) and not path.name.startswith('.')
    )
    if others:
        kinds = ', '.join(f'{count} {kind}' for kind, count in sorted(others.items()))
        _LOGGER.warning(
            "skipped in '%s', not videos by their suffix: %s", folder, kinds
        )
    return videos
