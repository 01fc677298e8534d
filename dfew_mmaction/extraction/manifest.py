"""Results of the clips: a journal during the run, a manifest at its end."""

import json
import os
import re
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..utils import atomic_write, read_rows, write_rows
from ..utils.error_sentences import reading
from ..utils.json_files import check_shape, read_json_text
from ..utils.text import read_number
from .numbering import video_number

if TYPE_CHECKING:
    import pandas as pd

#: Columns of the manifest and their types.
COLUMNS = {
    'clip': 'int64',
    'video': 'str',
    'frames': 'int64',
    'useful': 'int64',
    'faces': 'int64',
    'fps': 'float64',
    'kept': 'bool',
    'reason': 'str',
    'error': 'str',
    'shot': 'int64',
    'start': 'int64',
    'cuts': 'int64',
    'jumps': 'int64',
    'decoder': 'str',
}


def _whole(cell: str) -> int:
    if not re.fullmatch('-?[0-9]{1,18}', cell):
        raise ValueError(f'{cell!r} is not a whole number')
    return int(cell)


# How cells of a CSV are read, by type; spreadsheets write TRUE for True.
_READ: dict[str, Callable[[str], Any]] = {
    'int64': _whole,
    'float64': read_number,
    'bool': lambda cell: {'true': True, 'false': False}[cell.lower()],
    'str': str,
}
#: Columns that manifests of version 0.1 lack, and their values.
ADDED = dict(shot=0, start=0, cuts=0, jumps=0, decoder='')


def empty_row(video: str, clip: int) -> dict[str, Any]:
    """Row of a clip without results."""
    row = dict(
        clip=clip, video=video, frames=0, useful=0, faces=0, fps=0.0, kept=False,
        reason='', error='', seconds={},
    )  # fmt: skip
    return row | ADDED


class Journal:
    """One line of JSON for each finished video, in the order of completion.

    A line is the list of the rows of its clips. Each shard appends to a separate file.
    An incomplete line after a crash is ignored, so that its video is processed again.

    Args:
        folder (str | Path): Folder of the journals of all shards.
        name (str): Name of this shard's file.
    """

    def __init__(self, folder: str | Path, name: str) -> None:
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.path = self.folder / f'{name}.jsonl'
        self._cut_torn_line()
        self._file = open(self.path, 'a', encoding='utf-8')

    def _cut_torn_line(self) -> None:
        if not self.path.is_file():
            return
        with open(self.path, 'rb+') as file:
            content = file.read()
            file.truncate(content.rfind(b'\n') + 1)

    def add(self, rows: list[dict]) -> None:
        """Store the rows of a finished video; they are on disk on return."""
        self._file.write(json.dumps(rows) + '\n')
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def rows(self) -> dict[int, dict]:
        """Rows of all shards by clip; a later line of a video replaces earlier ones."""
        videos: dict[int, list[dict]] = {}
        for path in sorted(self.folder.glob('*.jsonl')):
            with open(path, encoding='utf-8') as file:
                for number, line in enumerate(file, 1):
                    if line.endswith('\n'):
                        rows = _read_line(line, f'{path}, line {number}')
                        videos[video_number(rows[0]['clip'])] = rows
        return {row['clip']: row for rows in videos.values() for row in rows}


def _read_line(line: str, where: str) -> list[dict]:
    try:
        rows = read_json_text(line)
        # Version 0.1 wrote one row per line.
        rows = rows if isinstance(rows, list) else [rows | ADDED]
        check_shape(rows, [dict(clip=int)])
        if not rows:
            raise ValueError('it is an empty list')
        return rows
    except (ValueError, TypeError) as error:
        raise ValueError(
            f'{where}: expected the rows of a video ({error}). Delete this line: the '
            'video is then processed again'
        ) from error


def check_ending(path: str | Path) -> None:
    """Refuse a Parquet file if pandas cannot write or read it.

    Raises:
        ImportError: If pyarrow is not installed.
    """
    if Path(path).suffix == '.parquet' and not find_spec('pyarrow'):
        raise ImportError(
            f"'{path}' needs pyarrow: `pip install pyarrow`, or name the manifest .csv"
        )


def write_manifest(path: str | Path, rows: dict[int, dict]) -> 'pd.DataFrame':
    """Write the rows, sorted by clip.

    Args:
        path (str | Path): Path with suffix ``.csv`` or ``.parquet``.
        rows (dict[int, dict]): Rows of :meth:`Journal.rows`.

    Returns:
        pandas.DataFrame: The manifest, with :data:`COLUMNS`.
    """
    import pandas as pd  # imported here, since it takes half a second

    table = pd.DataFrame([rows[clip] for clip in sorted(rows)], columns=list(COLUMNS))
    table = table.astype(COLUMNS)
    if Path(path).suffix == '.parquet':
        with atomic_write(path) as temporary:
            table.to_parquet(temporary, index=False)
    else:
        write_rows(path, list(COLUMNS), table.itertuples(index=False))
    return table


def read_manifest(path: str | Path) -> 'pd.DataFrame':
    """Read a manifest of :func:`write_manifest`.

    Raises:
        FileNotFoundError: If there is no such file.
        ImportError: If it is Parquet and pyarrow is not installed.
        ValueError: If the columns are not those of a manifest, or a cell is of another
            kind. The message names file and row.
    """
    import pandas as pd

    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(
            f"the manifest '{path}' does not exist: tools/data/extract_faces.py writes "
            'it'
        )
    check_ending(path)
    if path.suffix == '.parquet':
        with reading(path, 'manifest'):
            table = pd.read_parquet(path)
            if set(table.columns) <= {*COLUMNS}:
                table = table.astype({name: COLUMNS[name] for name in table.columns})
    else:
        (_, header), *rows = read_rows(path)
        values = [_values(f'{path}, row {n}', header, cells) for n, cells in rows]
        table = pd.DataFrame(values, columns=header)
    if list(table.columns) == [name for name in COLUMNS if name not in ADDED]:
        table = table.assign(**ADDED)
    if list(table.columns) != list(COLUMNS):
        raise ValueError(
            f"'{path}' is not a manifest: expected the columns {','.join(COLUMNS)}, "
            f'found {",".join(map(str, table.columns))}'
        )
    return table.astype(COLUMNS)


def _values(where: str, header: list[str], cells: list[str]) -> list[Any]:
    """Convert the cells of a row of a CSV to the types of their columns."""
    if len(cells) != len(header):
        raise ValueError(f'{where}: expected {len(header)} cells, found {len(cells)}')
    values = []
    for name, cell in zip(header, cells):
        try:
            values.append(_READ[COLUMNS.get(name, 'str')](cell))
        except (KeyError, ValueError):
            raise ValueError(
                f'{where}: expected {name} as {COLUMNS[name]}, found {cell!r}'
            ) from None
    return values
