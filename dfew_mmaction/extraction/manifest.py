"""What became of each clip: a journal while it runs, a manifest at its end."""

import json
import os
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from ..utils import atomic_write
from ..utils.error_sentences import reading

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
}


class Journal:
    """One line of JSON for each finished clip, in the order in which they finish.

    Each shard has its own file and appends to it; a line that a crash cut off is not
    counted, and its clip is done again.

    Args:
        folder (str | Path): Holds the journals of all shards.
        name (str): Of this shard's file.
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

    def add(self, row: dict) -> None:
        """Note a finished clip; it is on disk when this returns."""
        self._file.write(json.dumps(row) + '\n')
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def rows(self) -> dict[int, dict]:
        """Rows of all shards by clip; a later row of a clip replaces an earlier one."""
        rows = {}
        for path in sorted(self.folder.glob('*.jsonl')):
            with open(path, encoding='utf-8') as file:
                for line in file:
                    if line.endswith('\n'):
                        row = json.loads(line)
                        rows[row['clip']] = row
        return rows


def check_ending(path: str | Path) -> None:
    """Refuse a Parquet file where pandas could neither write nor read it.

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
        path (str | Path): Ends in ``.csv`` or ``.parquet``.
        rows (dict[int, dict]): As :meth:`Journal.rows` gives them.

    Returns:
        pandas.DataFrame: With :data:`COLUMNS`.
    """
    import pandas as pd  # half a second that training need not wait for

    table = pd.DataFrame([rows[clip] for clip in sorted(rows)], columns=list(COLUMNS))
    table = table.astype(COLUMNS)
    with atomic_write(path) as beside:
        if Path(path).suffix == '.parquet':
            table.to_parquet(beside, index=False)
        else:
            table.to_csv(beside, index=False, lineterminator='\n')
    return table


def read_manifest(path: str | Path) -> 'pd.DataFrame':
    """Read what :func:`write_manifest` wrote.

    Raises:
        FileNotFoundError: If there is no such file.
        ImportError: If it is Parquet and pyarrow is not installed.
        ValueError: If it has other columns.
    """
    import pandas as pd

    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(
            f"there is no manifest '{path}': tools/data/extract_faces.py writes it"
        )
    check_ending(path)
    with reading(path, 'manifest'):
        if path.suffix == '.parquet':
            table = pd.read_parquet(path)
        else:
            text = [name for name, kind in COLUMNS.items() if kind == 'str']
            kinds = dict.fromkeys(text, str)
            table = pd.read_csv(path, keep_default_na=False, dtype=kinds)
    if list(table.columns) != list(COLUMNS):
        raise ValueError(
            f"'{path}' is no manifest: expected the columns {','.join(COLUMNS)}, found "
            f'{",".join(map(str, table.columns))}'
        )
    return table
