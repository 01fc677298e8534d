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
    """Find a file or folder in a tree, directly or one folder below.

    A folder that contains one of the same name, as unpacking an archive may leave it,
    is replaced by that one.

    Args:
        root (str | Path): The tree.
        candidates (Sequence[str]): Paths below it, the best first.
        what (str): What is searched for, for the message.

    Raises:
        FileNotFoundError: If none is there; says what was searched for.
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
    """Lines of a list with their numbers from 1, without blank ones.

    See :func:`.read_text` for the encodings.

    Raises:
        ValueError: If it is not text, or empty.
    """
    # Not splitlines, which splits captions at characters that editors do not.
    numbered = enumerate(read_text(path).split('\n'), 1)
    lines = [(n, line.rstrip('\r')) for n, line in numbered if line.strip()]
    if not lines:
        raise ValueError(f'{path} is empty. Copy the file again.')
    return lines


def list_class_folders(
    folder: Path, wants_folder: bool, aside: str = '.'
) -> Iterator[tuple[str, str, str]]:
    """Clips of a tree that has one folder per class.

    Args:
        folder (Path): Of ``<folder>/<class>/<clip>``.
        wants_folder (bool): Whether clips are folders of frames, else videos.
        aside (str): Beginning of the names of folders that are not a class, besides
            ``.`` and ``_``.

    Yields:
        tuple[str, str, str]: Class, name of the clip without ending, path.
    """
    for one in sorted(folder.iterdir()):
        if not one.is_dir() or one.name.startswith(('.', '_', aside)):
            continue
        for clip in sorted(one.iterdir()):
            is_video = clip.suffix.lower() in VIDEO_SUFFIXES
            if clip.name[0] != '.' and (clip.is_dir() if wants_folder else is_video):
                yield one.name, clip.name if wants_folder else clip.stem, str(clip)
