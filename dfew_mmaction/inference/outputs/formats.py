"""Registry of the file formats of a result."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from ...utils import atomic_write, check_installed
from ..results import VideoResult


class Format(NamedTuple):
    """A file format.

    Attributes:
        file (str): Name of the file in the video's folder.
        write (Callable): Writes a result to a path.
        module (str): Additional module that it needs, empty for none.
    """

    file: str
    write: Callable[[Path, VideoResult], None]
    module: str = ''


#: Name, as in ``tools/predict.py --formats``, to format.
FORMATS: dict[str, Format] = {}
#: Formats that are always written.
ALWAYS = ('json', 'csv', 'segments')


def file_format(name: str, file: str, *, module: str = '') -> Callable:
    """Register a writer; see :class:`Format`."""

    def register(write: Callable[[Path, VideoResult], None]) -> Callable:
        FORMATS[name] = Format(file, write, module)
        return write

    return register


def check_formats(names: Iterable[str]) -> tuple[str, ...]:
    """Refuse formats that are unknown or lack their package, before a video is read.

    Args:
        names (Iterable[str]): Names of formats.

    Returns:
        tuple[str, ...]: Those of :data:`ALWAYS`, then the others, without duplicates.

    Raises:
        ValueError: If there is no such format.
        ImportError: If its package is not installed.
    """
    wanted = tuple(dict.fromkeys([*ALWAYS, *names]))
    for name in wanted:
        if name not in FORMATS:
            raise ValueError(
                f'there is no output format {name!r}; expected one of '
                f'{", ".join(FORMATS)}'
            )
        if module := FORMATS[name].module:
            check_installed(f'The output format {name!r}', 'formats', module)
    return wanted


def write_formats(
    folder: Path, result: VideoResult, names: Iterable[str]
) -> dict[str, Path]:
    """Write a result in some formats.

    Args:
        folder (Path): Where to write.
        result (VideoResult): What to write.
        names (Iterable[str]): Names of formats.

    Returns:
        dict[str, Path]: The files by their names.
    """
    paths = {}
    for name in names:
        kind = FORMATS[name]
        with atomic_write(folder / kind.file) as temporary:
            kind.write(temporary, result)
        paths[kind.file] = folder / kind.file
    return paths
