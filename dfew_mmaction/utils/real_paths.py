"""Canonical paths."""

import os
from collections.abc import Iterable
from pathlib import Path


def real_paths(paths: Iterable[str | Path]) -> list[str]:
    """Resolve paths: absolute, without links, ``.``, ``..`` and double slashes.

    Two spellings of a path give the same result, whether it exists or not. Each parent
    folder is resolved once, which is fast for thousands of clips.

    Args:
        paths (Iterable[str | Path]): Paths such as ``'clips/00003/'``.

    Returns:
        list[str]: One per path.

    Examples:
        >>> len(set(real_paths(['clips/00003', 'clips//00003/', './x/../clips/00003'])))
        1
    """
    folders: dict[str, str] = {}
    found = []
    for path in (os.fspath(one) for one in paths):
        folder, name = os.path.split(path.rstrip(os.sep) or path)
        if name in ('', os.curdir, os.pardir):
            found.append(os.path.realpath(path))
            continue
        if folder not in folders:
            folders[folder] = os.path.realpath(folder or os.curdir)
        resolved = os.path.join(folders[folder], name)
        found.append(
            os.path.realpath(resolved) if os.path.islink(resolved) else resolved
        )
    return found
