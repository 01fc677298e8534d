"""Reads untrusted Excel tables within limits."""

import zipfile
from pathlib import Path
from typing import Any

MAX_ROWS = 200_000
MAX_COLUMNS = 1_000
MAX_BYTES = 500 * 2**20


def read_workbook(path: str | Path) -> list[list[Any]]:
    """Read the first sheet of an ``.xlsx`` row by row.

    A single cell at the very end of a sheet makes readers that fill a rectangle
    allocate 17 billion cells.

    Args:
        path (str | Path): The file.

    Returns:
        list[list]: All rows, with equal lengths; empty cells and merged cells after the
        first are ``''``, whole numbers are int.

    Raises:
        ImportError: If openpyxl is not installed.
        OSError: If it cannot be opened.
        ValueError: If it is another file, unpacks to more than 500 MB, or has a cell
            beyond 200,000 rows or 1,000 columns.
    """
    import openpyxl

    try:
        with zipfile.ZipFile(path) as file:
            size = sum(member.file_size for member in file.infolist())
    except zipfile.BadZipFile as error:
        raise ValueError(f"'{path}' is no .xlsx file, or is cut off") from error
    if size > MAX_BYTES:
        raise ValueError(
            f"'{path}' unpacks to {size / 1e6:.0f} MB, which no table does"
        )
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        if not book.worksheets:
            raise ValueError(f"'{path}' has no sheet of cells")
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # the declared size is not used
        rows: list[list[Any]] = []
        for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
            if number > MAX_ROWS or len(cells) > MAX_COLUMNS:
                raise ValueError(
                    f"'{path}' has a cell beyond row {MAX_ROWS} or column "
                    f'{MAX_COLUMNS}. Delete the rows and columns after the table and '
                    'save it again.'
                )
            rows.append([_plain(cell) for cell in cells])
    finally:
        book.close()
    while rows and not any(cell != '' for cell in rows[-1]):
        rows.pop()
    width = max(map(len, rows), default=0)
    return [row + [''] * (width - len(row)) for row in rows]


def _plain(cell: Any) -> Any:
    if cell is None:
        return ''
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return cell
