"""CSV files whose cells are read back unchanged."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from .files import atomic_write
from .text import escape_cell, unescape_cell

#: UTF-8 with or without a byte-order mark, or GBK, as Chinese Windows writes it.
_ENCODINGS = ('utf-8-sig', 'gb18030')


def read_text(path: str | Path) -> str:
    """Read a text file of unknown encoding.

    Args:
        path (str | Path): The file.

    Raises:
        ValueError: If it is neither UTF-8, with or without a byte-order mark, nor GBK.
    """
    data = Path(path).read_bytes()
    for encoding in _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if '\0' not in text:
            return text
    raise ValueError(f"'{path}' is not a text file (expected UTF-8 or GBK)")


def read_rows(path: str | Path) -> list[tuple[int, list[str]]]:
    """Read a CSV as text, without conversion or special values for missing cells.

    Args:
        path (str | Path): The CSV, in an encoding of :func:`read_text`.

    Returns:
        list[tuple[int, list[str]]]: Line number, from 1, and cells of each row that is
        not blank.

    Raises:
        ValueError: If the file is not text, empty or not a CSV. The message names the
            file and the line.

    Examples:
        >>> write_rows('/tmp/rows.csv', ['id', 'label'], [['007', 'NA'], ['8', 'a,b']])
        >>> read_rows('/tmp/rows.csv')
        [(1, ['id', 'label']), (2, ['007', 'NA']), (3, ['8', 'a,b'])]
    """
    reader = csv.reader(io.StringIO(read_text(path), newline=''), strict=True)
    rows, first = [], 1
    try:
        for escaped in reader:
            cells = [unescape_cell(cell) for cell in escaped]
            if any(cell.strip() for cell in cells):
                rows.append((first, cells))
            first = reader.line_num + 1
    except csv.Error as error:
        raise ValueError(f"'{path}', row {first}: not a CSV ({error})") from error
    if not rows:
        raise ValueError(f"'{path}' is empty. Copy the file again.")
    return rows


def read_columns(
    path: str | Path, columns: Sequence[str]
) -> list[tuple[str, list[str]]]:
    """Read some columns of a CSV by the names in its header.

    Args:
        path (str | Path): See :func:`read_rows`.
        columns (Sequence[str]): Names of the columns; others are ignored.

    Returns:
        list[tuple[str, list[str]]]: File and row, for messages, and the cells of these
        columns for each row below the header.

    Raises:
        ValueError: If a column is missing or duplicate, there is no row, or a cell is
            missing or empty. The message names the file and the row.
    """
    (line, header), *rows = read_rows(path)
    header = [name.strip() for name in header]
    if any(header.count(name) != 1 for name in columns):
        raise ValueError(
            f'{path}, row {line}: expected the header {",".join(columns)}, found '
            f"'{','.join(header)}'"
        )
    if not rows:
        raise ValueError(f'{path}: no rows below the header')
    places = [header.index(name) for name in columns]
    found = []
    for number, cells in rows:
        where = f'{path}, row {number}'
        values = [cells[i] if i < len(cells) else '' for i in places]
        if not all(value.strip() for value in values):
            raise ValueError(
                f"{where}: expected {' and '.join(columns)}, found '{','.join(cells)}'"
            )
        found.append((where, values))
    return found


def write_rows(
    path: str | Path, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Write a CSV that :func:`read_rows` reads back, in UTF-8, atomically.

    Cells that a spreadsheet would evaluate begin with an apostrophe, see
    :func:`.escape_cell`, which :func:`read_rows` removes.

    Args:
        path (str | Path): The CSV.
        header (Sequence[str]): Names of the columns.
        rows (Iterable[Sequence]): Cells of each row; they are written by ``str``.

    Raises:
        ValueError: If a cell cannot be written as text; the file is not changed.
    """
    with (
        atomic_write(path) as temporary,
        open(temporary, 'w', encoding='utf-8', newline='') as file,
    ):
        for row in (header, *rows):
            if wrong := [cell for cell in map(str, row) if not _is_text(cell)]:
                raise ValueError(
                    f"'{path}': {wrong[0]!r} cannot be written as text (it has bytes "
                    'that are not UTF-8, or a NUL character). Rename it.'
                )
            file.write(','.join(_quoted(escape_cell(str(cell))) for cell in row) + '\n')


def _quoted(cell: str) -> str:
    # csv.writer leaves a carriage return unquoted, which ends a row for a reader.
    special = any(character in cell for character in ',"\r\n')
    return '"' + cell.replace('"', '""') + '"' if special else cell


def _is_text(cell: str) -> bool:
    return '\0' not in cell and not any('\ud800' <= c <= '\udfff' for c in cell)
