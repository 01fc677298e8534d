"""Atomic writes: after a crash, a file is either the old one or the new one."""

import errno
import json
import math
import os
import re
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

#: Prefix of the name of a folder or file that is not finished.
PART = '.part-'


@contextmanager
def atomic_write(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path to write to, and rename it to ``path`` at the end.

    Missing parent folders are created. If the block raises, the temporary file is
    removed and ``path`` is not changed. Temporary files of killed processes of this
    machine for the same ``path`` are removed. A device or pipe, such as
    ``/dev/stdout``, is written directly.

    Args:
        path (str | Path): The final file. The temporary file has the same suffix, since
            writers choose their format by it.

    Yields:
        Path: Where to write.

    Raises:
        IsADirectoryError: If ``path`` is a folder.
        OSError: If the file cannot be written, with the name ``path``.
    """
    path = Path(path)
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    device = path.exists() and not path.is_file()
    temporary = path if device else _temporary(path)
    try:
        yield temporary
        if not device:
            os.replace(temporary, path)
    except OSError as error:
        if error.errno and error.filename in (None, str(temporary)):
            error.filename, error.filename2 = str(path), None
        raise
    finally:
        if not device:
            temporary.unlink(missing_ok=True)


def _temporary(path: Path) -> Path:
    """Temporary path next to ``path``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    host = re.sub(r'\W', '_', socket.gethostname())
    _remove_abandoned(path, host)
    temporary = path.with_name(f'.{path.stem}.{host}-{os.getpid()}{path.suffix}')
    try:
        # Fail before the work in the block, which may take hours.
        temporary.touch()
    except OSError as error:
        error.filename = str(path)
        raise
    temporary.unlink()
    return temporary


@contextmanager
def atomic_folder(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path for a folder, and rename it to ``path`` at the end.

    The temporary path is next to ``path``, begins with :data:`PART` and does not exist
    yet: the block creates it, as a folder or as a file. A temporary path of a killed
    process is removed first. If the block raises, its output is removed.

    Args:
        path (str | Path): Final path; it must not be an existing folder.

    Yields:
        Path: Where to write.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(PART + path.name)
    remove(temporary)
    try:
        yield temporary
        os.replace(temporary, path)
    finally:
        remove(temporary)


def remove(path: Path) -> None:
    """Remove a file, or a folder with its content, if it exists."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _remove_abandoned(path: Path, host: str) -> None:
    """Remove temporary files of ended processes of this machine."""
    name = re.compile(
        rf'\.{re.escape(path.stem)}\.{host}-(\d+){re.escape(path.suffix)}'
    )
    for entry in os.scandir(path.parent):
        found = name.fullmatch(entry.name)
        if found and not _is_running(int(found[1])):
            Path(entry.path).unlink(missing_ok=True)


def _is_running(process: int) -> bool:
    if os.name != 'posix':  # Windows has no signal 0
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def write_text(path: str | Path, text: str) -> None:
    """Write a text file in UTF-8 by :func:`atomic_write`."""
    with atomic_write(path) as temporary:
        # A path may contain bytes that are not valid UTF-8.
        temporary.write_text(text, encoding='utf-8', errors='backslashreplace')


def save_figure(path: str | Path, figure: Any, dpi: int = 110) -> None:
    """Write a matplotlib figure by :func:`atomic_write`."""
    with atomic_write(path) as temporary:
        figure.savefig(temporary, dpi=dpi)


def json_text(content: Any) -> str:
    """Format as indented, valid JSON: NaN and infinity become null.

    Args:
        content (Any): Plain values and containers of them.

    Examples:
        >>> print(json_text([0.5, float('nan')]))
        [
         0.5,
         null
        ]
    """
    return json.dumps(_finite(content), indent=1, ensure_ascii=False, allow_nan=False)


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def write_json(path: str | Path, content: Any) -> None:
    """Write JSON by :func:`json_text` and :func:`atomic_write`."""
    write_text(path, json_text(content) + '\n')
