"""Reading the lists of the folds."""

import csv
from pathlib import Path

from ..utils.error_sentences import reading

HEADER = ['video_name', 'label']


def read_split_csv(path: str | Path, num_classes: int = 7) -> dict[int, int]:
    """Read one list of the release, ``set_<fold>.csv``.

    Args:
        path (str | Path): The CSV; a UTF-8 byte-order mark is allowed.
        num_classes (int): Labels go from 1 to this. Defaults to 7.

    Returns:
        dict[int, int]: Clip number to label from 0, in the order of the file.

    Raises:
        ValueError: For another header, no rows, a name that is not a number, a label
            outside the range or a clip named twice. The message names file and row,
            as a text editor counts them.
    """
    labels: dict[int, int] = {}
    rows_seen: dict[int, int] = {}
    opened = open(path, encoding='utf-8-sig', newline='')
    with reading(path, 'list of a fold (CSV)'), opened as file:
        reader = csv.reader(file)
        header = [cell.strip() for cell in next(reader, [])]
        if header != HEADER:
            raise ValueError(
                f"{path}, row 1: expected the header '{','.join(HEADER)}', found "
                f"'{','.join(header)}'. Is this a list of the DFEW release?"
            )
        for row in reader:
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            where = f'{path}, row {reader.line_num}'
            if len(cells) != 2 or not all(c.isascii() and c.isdigit() for c in cells):
                raise ValueError(
                    f'{where}: expected a clip number and a label, found '
                    f"'{','.join(row)}'."
                )
            clip, label = map(int, cells)
            if not 1 <= label <= num_classes:
                raise ValueError(
                    f'{where}: the label of clip {clip} is {label}, expected 1 to '
                    f'{num_classes}. Clips without a single label (0) are not listed.'
                )
            if clip in labels:
                raise ValueError(
                    f'{where}: clip {clip} is named again, first in row '
                    f'{rows_seen[clip]}. Remove one of the rows.'
                )
            labels[clip] = label - 1
            rows_seen[clip] = reader.line_num
    if not labels:
        raise ValueError(f'{path}: no clips below the header. Copy the file again.')
    return labels
