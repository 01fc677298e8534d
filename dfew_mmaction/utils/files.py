"""Writing files so that a crash leaves the old one or the new one, never half."""

import errno
import json
import math
import os
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def atomic_write(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path to write to, and rename it to ``path`` at the end.

    Missing parent folders are made. If the block raises, the temporary file is
    removed and ``path`` stays as it was. Temporary files that killed processes of this
    machine left for the same ``path`` are removed. A device or pipe, such as
    ``/dev/stdout``, is written directly.

    Args:
        path (str | Path): The file to write in the end. The temporary name keeps
            its suffix, since writers choose their format by it.

    Yields:
        Path: Where to write.

    Raises:
        IsADirectoryError: If ``path`` is a folder.
        OSError: If the file cannot be written, with the name ``path``.
    """
    path = Path(path)
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if path.exists() and not path.is_file():
        yield path
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    host = re.sub(r'\W', '_', socket.gethostname())
    _remove_abandoned(path, host)
    temporary = path.with_name(f'.{path.stem}.{host}-{os.getpid()}{path.suffix}')
    try:
        yield temporary
        os.replace(temporary, path)
    except OSError as error:
        if error.errno and error.filename in (None, str(temporary)):
            error.filename, error.filename2 = str(path), None
        raise
    finally:
        temporary.unlink(missing_ok=True)


def _remove_abandoned(path: Path, host: str) -> None:
    """Remove the temporary files of processes of this machine that are gone."""
    name = re.compile(
        rf'\.{re.escape(path.stem)}\.{host}-(\d+){re.escape(path.suffix)}'
    )
    for entry in os.scandir(path.parent):
        found = name.fullmatch(entry.name)
        if found and not _is_running(int(found[1])):
            Path(entry.path).unlink(missing_ok=True)


def _is_running(process: int) -> bool:
    if os.name != 'posix':  # there is no harmless signal
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def json_text(content: Any) -> str:
    """JSON that people can read and every parser takes: NaN and infinity become null.

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
    """Write what :func:`json_text` gives, atomically."""
    with atomic_write(path) as beside:
        text = json_text(content)
        # A path may hold bytes that are no UTF-8; JSON can say them all the same.
        beside.write_text(text + '\n', encoding='utf-8', errors='backslashreplace')
