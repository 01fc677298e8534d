"""The lists of the folds, ``set_<fold>.csv``."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from ...utils import read_rows

HEADER = ['video_name', 'label']


def read_split_csv(path: str | Path, num_classes: int = 7) -> dict[int, int]:
    """Read one list of the release, ``set_<fold>.csv``.

    Args:
        path (str | Path): The CSV; a UTF-8 byte-order mark is allowed.
        num_classes (int): Labels go from 1 to this. Defaults to 7.

    Returns:
        dict[int, int]: Clip number to label from 0, in the order of the file.

    Raises:
        ValueError: If the header differs, there is no row, a name is not a number, a
            label is out of range or a clip is listed twice. The message names file and
            row, as counted by text editors.
    """
    labels: dict[int, int] = {}
    rows_seen: dict[int, int] = {}
    (line, header), *rows = read_rows(path)
    if [cell.strip() for cell in header] != HEADER:
        raise ValueError(
            f"{path}, row {line}: expected the header '{','.join(HEADER)}', found "
            f"'{','.join(header)}'. Is this a list of the DFEW release?"
        )
    for number, row in rows:
        cells, where = [cell.strip() for cell in row], f'{path}, row {number}'
        if len(cells) != 2 or not all(c.isascii() and c.isdigit() for c in cells):
            raise ValueError(
                f"{where}: expected a clip number and a label, found '{','.join(row)}'."
            )
        clip, label = map(int, cells)
        if not 1 <= label <= num_classes:
            raise ValueError(
                f'{where}: the label of clip {clip} is {label}, expected 1 to '
                f'{num_classes}. Clips without a single label (0) are not listed.'
            )
        if clip in labels:
            raise ValueError(
                f'{where}: clip {clip} is listed again, first in row '
                f'{rows_seen[clip]}. Remove one of the rows.'
            )
        labels[clip], rows_seen[clip] = label - 1, number
    if not labels:
        raise ValueError(f'{path}: no clips below the header. Copy the file again.')
    return labels


def list_checksum(labels: Mapping[int, int]) -> str:
    """Compute a checksum of a list that does not depend on order or format of its rows.

    Args:
        labels (Mapping[int, int]): Labels of :func:`read_split_csv`.

    Returns:
        str: First 16 digits of the SHA-256 of the lines ``number,label``, labels from
        1, sorted by clip number.
    """
    lines = ''.join(f'{clip},{labels[clip] + 1}\n' for clip in sorted(labels))
    return hashlib.sha256(lines.encode()).hexdigest()[:16]
