"""Writing files so that a crash leaves the old one or the new one, never half."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def atomic_write(path: str | Path) -> Iterator[Path]:
    """Yield a path beside ``path`` to write to, and rename it when that went well.

    Missing parent folders are made. If the block raises, the temporary file is
    removed and ``path`` stays as it was.

    Args:
        path (str | Path): The file to write in the end. The temporary name keeps
            its ending, since writers choose their format by it.

    Yields:
        Path: Where to write.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f'.{path.stem}.{os.getpid()}{path.suffix}')
    try:
        yield beside
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def write_json(path: str | Path, content: Any) -> None:
    """Write JSON that people can read, wholly or not at all."""
    with atomic_write(path) as beside:
        text = json.dumps(content, indent=1, ensure_ascii=False)
        # A path may hold bytes that are no UTF-8; JSON can say them all the same.
        beside.write_text(text + '\n', encoding='utf-8', errors='backslashreplace')
