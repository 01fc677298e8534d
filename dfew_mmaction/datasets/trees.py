"""Lists and folders of published data sets."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ..utils import read_text
from ..video import VIDEO_SUFFIXES


class ListedClip(NamedTuple):
    """One clip of a list or a folder.

    Attributes:
        video_id (str): Its name, unique in the set.
        word (str): Name of its class.
        path (str): Its folder of frames or its video, which may be missing.
        where (str): Where it is listed, for messages.
    """

    video_id: str
    word: str
    path: str
    where: str


def find_in_tree(root: str | Path, candidates: Sequence[str], what: str) -> Path:
    """Find a file or folder in a tree or one folder below.

    If a found folder contains a folder of the same name, as after unpacking some
    archives, the inner one is returned.

    Args:
        root (str | Path): The tree.
        candidates (Sequence[str]): Relative paths in order of preference.
        what (str): Description for the message.

    Raises:
        FileNotFoundError: If none exists; the message says what was searched for.
    """
    root = Path(root)
    if not root.is_dir():
        raise FileNotFoundError(
            f"There is no folder '{root}' (searched there for {what}). Set `data_root` "
            'to the folder of the set.'
        )
    below = [p for p in sorted(root.iterdir()) if p.is_dir() and p.name[0] != '.']
    for home in (root, *below):
        for candidate in candidates:
            path = home / candidate
            if path.is_dir() and (path / path.name).is_dir():
                return path / path.name
            if path.exists():
                return path
    raise FileNotFoundError(
        f"'{root}' has no {what}: searched for "
        + ', '.join(f"'{candidate}'" for candidate in candidates)
        + ', there and one folder below. Set `data_root` to the folder of the set.'
    )


def read_lines(path: str | Path) -> list[tuple[int, str]]:
    """Read the non-blank lines of a list with their numbers from 1.

    See :func:`.read_text` for the encodings.

    Raises:
        ValueError: If it is not text, or empty.
    """
    # Not splitlines, which also splits at characters that editors do not treat as line
    # ends.
    numbered = enumerate(read_text(path).split('\n'), 1)
    lines = [(n, line.rstrip('\r')) for n, line in numbered if line.strip()]
    if not lines:
        raise ValueError(f'{path} is empty. Copy the file again.')
    return lines


def list_class_folders(
    folder: Path, wants_folder: bool, aside: str = '.'
) -> Iterator[tuple[str, str, str]]:
    """List the clips of a tree with one folder per class.

    Args:
        folder (Path): Root of ``<folder>/<class>/<clip>``.
        wants_folder (bool): Whether clips are folders of frames instead of videos.
        aside (str): Prefix of folders that are not classes, in addition to ``.`` and
            ``_``.

    Yields:
        tuple[str, str, str]: Class, name of the clip without suffix, path.
    """
    for one in sorted(folder.iterdir()):
        if not one.is_dir() or one.name.startswith(('.', '_', aside)):
            continue
        for clip in sorted(one.iterdir()):
            is_video = clip.suffix.lower() in VIDEO_SUFFIXES
            if clip.name[0] != '.' and (clip.is_dir() if wants_folder else is_video):
                yield one.name, clip.name if wants_folder else clip.stem, str(clip)
