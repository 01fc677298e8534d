"""Finding and reading what published trees of clips are made of."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ..video import VIDEO_SUFFIXES


class ListedClip(NamedTuple):
    """One clip, as a list or a folder names it.

    Attributes:
        video_id (str): Its name, unlike that of any other clip of the set.
        word (str): What is said of its class.
        path (str): Its folder of frames or its video, there or not.
        where (str): Where that is said, for messages.
    """

    video_id: str
    word: str
    path: str
    where: str


def find_in_tree(root: str | Path, candidates: Sequence[str], what: str) -> Path:
    """Find a file or folder in a tree, directly or one folder below.

    Archives that were unpacked into a folder of their own name are looked into.

    Args:
        root (str | Path): The tree.
        candidates (Sequence[str]): Paths below it, the best first.
        what (str): What is looked for, for the message.

    Raises:
        FileNotFoundError: If none is there; says what was looked for.
    """
    root = Path(root)
    if not root.is_dir():
        raise FileNotFoundError(
            f"There is no folder '{root}' (looked there for {what}). Set `data_root` "
            'to where the set lies.'
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
        f"'{root}' has no {what}: looked for "
        + ', '.join(f"'{candidate}'" for candidate in candidates)
        + ', there and one folder below. Set `data_root` to where the set lies.'
    )


def read_lines(path: str | Path) -> list[tuple[int, str]]:
    """Lines of a list with their numbers from 1, without empty ones.

    UTF-8 with or without a byte-order mark, or GBK, as Chinese Windows writes it.

    Raises:
        ValueError: If it is text in neither, or empty.
    """
    data = Path(path).read_bytes()
    for encoding in ('utf-8-sig', 'gb18030'):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise ValueError(f'{path} is text neither in UTF-8 nor in GBK: is it a list?')
    # Not splitlines, for which a caption may hold more ends of lines than an editor.
    numbered = enumerate(text.split('\n'), 1)
    lines = [(n, line.rstrip('\r')) for n, line in numbered if line.strip()]
    if not lines:
        raise ValueError(f'{path} is empty. Copy the list again.')
    return lines


def list_class_folders(
    folder: Path, wants_folder: bool, aside: str = '.'
) -> Iterator[tuple[str, str, str]]:
    """Clips that lie in a folder for each class.

    Args:
        folder (Path): ``<folder>/<class>/<clip>`` is what is listed.
        wants_folder (bool): Whether clips are folders of frames, else videos.
        aside (str): What folders begin with that are none of a class, besides ``.``
            and ``_``.

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
