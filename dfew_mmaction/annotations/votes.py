"""Votes of annotators and the single labels that follow from them."""

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ..utils import CLASSES, read_text
from ..utils.text import read_number
from ..utils.workbook import read_workbook

CLIP_COLUMNS = ('order', 'clip', 'video_name')


def read_votes(
    path: str | Path,
    num_votes: int = 10,
    classes: Sequence[str] = CLASSES,
) -> pd.DataFrame:
    """Read and check a table of votes, such as the release's ``annotation.xlsx``.

    The header is that of the release, ``1happy, 2sad, …, 7fear, order, label``, in any
    order. The numbers before the classes and ``label`` are optional; the clip number
    may also be called ``clip`` or ``video_name``. ``label`` is not used:
    :func:`single_labels` computes it from the votes.

    Args:
        path (str | Path): An ``.xlsx`` (its first sheet) or a ``.csv``.
        num_votes (int): Expected sum of each row; 0 allows any sum above 0. Defaults to
            10.
        classes (Sequence[str]): Names of the classes. Defaults to DFEW's seven.

    Returns:
        pandas.DataFrame: Votes as int64: one column per class in the order of
        ``classes``, one row per clip in the order of the file, indexed by clip number.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file is of another kind, columns are missing, duplicate or
            unknown, or rows contain other values than whole numbers, a duplicate clip
            or another number of votes. The message counts the wrong rows and names the
            first ten, by their row number in a spreadsheet (the header is row 1).
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(
            f"there is no file of votes '{path}'. That of DFEW is "
            'Annotation/annotation.xlsx'
        )
    cells = _read_cells(path)
    header, body = cells[0], cells[1:]
    clip_column, class_columns = _find_columns(path, header, classes)
    clips: list[int] = []
    votes: list[list[int]] = []
    rows_seen: dict = {}
    wrong = []
    for row, cell in enumerate(body, start=2):
        if not any(str(value).strip() for value in cell):
            continue
        try:
            clip = _whole(cell[clip_column], header[clip_column])
            counts = [_whole(cell[c], name) for name, c in zip(classes, class_columns)]
        except ValueError as error:
            wrong.append(f'row {row}: {error}')
            continue
        if clip in rows_seen:
            wrong.append(f'row {row}: clip {clip} is also in row {rows_seen[clip]}')
        elif num_votes and sum(counts) != num_votes:
            wrong.append(
                f'row {row}: clip {clip} has {sum(counts)} votes, expected {num_votes}'
            )
        elif not sum(counts):
            wrong.append(f'row {row}: clip {clip} has no vote')
        else:
            clips.append(clip)
            votes.append(counts)
        rows_seen.setdefault(clip, row)
    if wrong:
        more = f'\n… and {len(wrong) - 10} more' if wrong[10:] else ''
        raise ValueError(
            f"'{path}': {len(wrong)} of {len(body)} rows are wrong. Correct them, or "
            'pass the number of votes per clip:\n' + '\n'.join(wrong[:10]) + more
        )
    if not clips:
        raise ValueError(f"'{path}' has no row below the header")
    index = pd.Index(clips, name='clip', dtype='int64')
    return pd.DataFrame(votes, index=index, columns=list(classes), dtype='int64')


def single_labels(
    votes: pd.DataFrame, threshold: int = 6, strict: bool = False
) -> pd.Series:
    """Derive the single label of each clip from its votes.

    The paper writes "l_k > r with r = 6"; according to descriptions of the release, six
    or more of the ten votes make a label. The latter is the default, the former
    ``strict=True``.

    Args:
        votes (pandas.DataFrame): As :func:`read_votes` gives them.
        threshold (int): The paper's r. Defaults to 6.
        strict (bool): Whether more than ``threshold`` votes are needed. Defaults to
            False.

    Returns:
        pandas.Series: Label of each clip, from 1 in the order of the columns, 0 for
        none; named ``label``.

    Raises:
        ValueError: If two classes of a row reach the threshold.
    """
    enough = votes > threshold if strict else votes >= threshold
    doubled = enough.sum(axis=1) > 1
    if doubled.any():
        clip = votes.index[doubled][0]
        raise ValueError(
            f'{doubled.sum()} clips, the first is {clip}, have two labels with '
            f'threshold={threshold}: it must be more than half of the votes'
        )
    label = enough.to_numpy().argmax(axis=1) + 1
    return pd.Series(label, votes.index, name='label').where(enough.any(axis=1), 0)


def _read_cells(path: Path) -> list[list[Any]]:
    ending = path.suffix.lower()
    try:
        if ending == '.csv':
            lines = io.StringIO(read_text(path), newline=None)
            # Blank lines are counted, so that row numbers are those of an editor.
            rows: list[list[Any]] = list(csv.reader(lines, strict=True))
        elif ending == '.xlsx':
            rows = read_workbook(path)
        else:
            raise ValueError('expected a file that ends in .xlsx or .csv')
    except (ImportError, OSError):
        raise
    except Exception as error:  # each reader raises its own errors for broken files
        raise ValueError(f"'{path}' is not a table of votes: {error}") from error
    if not rows or not any(str(cell).strip() for cell in rows[0]):
        raise ValueError(f"'{path}' is empty, or its first row is")
    width = len(rows[0])
    for number, cells in enumerate(rows, 1):
        if any(str(cell).strip() for cell in cells[width:]):
            raise ValueError(
                f"'{path}', row {number}: expected {width} cells, found {len(cells)}"
            )
    return [[*cells, *[''] * (width - len(cells))][:width] for cells in rows]


def _find_columns(
    path: Path, header: Sequence[Any], classes: Sequence[str]
) -> tuple[int, list[int]]:
    """Find the columns of the clip number and of each class."""
    names = [str(cell).strip().lower() for cell in header]
    plain = [re.sub(r'^\d+\s*', '', name) for name in names]
    for index, name in enumerate(classes, 1):
        numbered = re.compile(rf'(\d+)\s*{re.escape(name.lower())}$')
        for column in names:
            found = numbered.match(column)
            if found and int(found[1]) != index:
                raise ValueError(
                    f"'{path}', row 1: '{column}' gives {name} the number {found[1]}, "
                    f'here it is class {index}'
                )
    wanted = [name.lower() for name in classes]
    lacking = [name for name in wanted if name not in plain]
    clip = [i for i, name in enumerate(names) if name in CLIP_COLUMNS]
    known = {*wanted, *CLIP_COLUMNS, 'label'}
    unknown = [
        name for name, short in zip(names, plain) if name and not {name, short} & known
    ]
    doubled = sorted({name for name in plain if name and plain.count(name) > 1})
    found_text = ','.join(str(cell) for cell in header)
    problems = [
        f'{what}: {", ".join(which)}'
        for what, which in (
            ('lacking', lacking),
            ('unknown', unknown),
            ('doubled', doubled),
        )
        if which
    ]
    if len(clip) != 1:
        problems.append(f'expected one column of {", ".join(CLIP_COLUMNS)}')
    if problems:
        raise ValueError(
            f"'{path}', row 1: columns are {'; '.join(problems)}. Found the header "
            f"'{found_text}', expected 1{classes[0]},…,{len(classes)}{classes[-1]},"
            'order[,label]'
        )
    return clip[0], [plain.index(name) for name in wanted]


def _whole(value: Any, name: str) -> int:
    """Read a count or a clip number; spreadsheets also store whole numbers as 3.0."""
    if not str(value).strip():
        raise ValueError(
            f'column {name} is empty (only the first of merged cells has a value)'
        )
    try:
        number = read_number(str(value))
    except ValueError:
        number = -1.0
    # Floats above 2**53 do not represent all whole numbers; NaN and infinity fail too.
    if not 0 <= number <= 2**53 or number != int(number):
        raise ValueError(f"'{value}' in column {name} is not a whole number from 0")
    return int(number)
