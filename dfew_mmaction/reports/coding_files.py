"""Reading of human codings: ELAN, Praat, BORIS or a table."""

import codecs
import csv
import io
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..evaluation.functional.coding_agreement import CodedInterval
from ..utils import check_installed, class_numbers, class_word, read_text
from ..utils.text import read_number, unescape_cell

#: Possible names of the columns of a table; those in seconds are BORIS's.
START = ('start', 'onset', 'begin', 'start (s)')
END = ('end', 'offset', 'stop', 'stop (s)')
LABEL = ('emotion', 'label', 'behavior', 'behaviour', 'code')
#: Columns with START, STOP or POINT: of new and old releases of BORIS.
KIND = ('behavior type', 'status')
_CLOCK = re.compile(r'(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)')
Part = tuple[str, float, float]


def read_coding(
    path: str | Path,
    classes: Sequence[str],
    *,
    tier: str | None = None,
    names: Mapping[str, str] | None = None,
) -> list[CodedInterval]:
    """Read the coding of one face.

    =================  =============================================================
    ``.eaf``           ELAN; ``tier`` is the name of a tier
    ``.TextGrid``      Praat, text or binary; ``tier`` is the name of an interval tier
    ``.csv``, ``.tsv`` one row per interval: start, end and emotion; or the events that
                       BORIS exports, tabular or aggregated (without POINT events).
                       ``tier`` is a value of the column Subject, if there is one
    =================  =============================================================

    Times are seconds (``1.5`` or ``1,5``) or ``h:mm:ss.s``. The columns of a table are
    separated by commas, semicolons or tabs.

    Args:
        path (str | Path): The file.
        classes (Sequence[str]): Names of the classes.
        tier (str, optional): Optional if the file has only one.
        names (Mapping[str, str], optional): Class by label of the coder, for labels
            that are not class names; ``''`` ignores a label.

    Returns:
        list[CodedInterval]: In order of time.

    Raises:
        ValueError: If the file has none of these formats, it has several tiers and none
            was selected, or a label is not a class.
        ImportError: If pympi-ling is not installed, for ``.eaf`` and
            ``.TextGrid``.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if not path.is_file():
        raise FileNotFoundError(f"there is no coding '{path}'")
    readers = {
        '.eaf': _elan, '.textgrid': _praat, '.csv': _table, '.tsv': _table,
    }  # fmt: skip
    if suffix not in readers:
        raise ValueError(
            f"'{path}': expected a coding as .eaf, .TextGrid, .csv or .tsv"
        )
    tiers = readers[suffix](path)
    parts = sorted(_chosen(tiers, tier, path), key=lambda part: part[1])
    return _labelled(parts, classes, names or {}, path)


def _elan(path: Path) -> dict[str, list[Part]]:
    document = _open(path, lambda pympi: pympi.Elan.Eaf(str(path)))
    return {
        name: [
            (part[2], part[0] / 1000, part[1] / 1000)
            for part in document.get_annotation_data_for_tier(name)
        ]
        for name in document.get_tier_names()
    }


def _praat(path: Path) -> dict[str, list[Part]]:
    with path.open('rb') as file:
        is_utf_16 = file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    codec = 'utf-16' if is_utf_16 else 'utf-8-sig'
    grid = _open(path, lambda pympi: pympi.Praat.TextGrid(str(path), codec=codec))
    return {
        tier.name: [(label, start, end) for start, end, label in tier.intervals]
        for tier in grid.get_tiers()
        if tier.tier_type == 'IntervalTier'
    }


def _open(path: Path, read: Callable) -> Any:
    """Read a file by pympi."""
    check_installed('Reading .eaf and .TextGrid', 'formats', 'pympi')
    import pympi

    try:
        return read(pympi)
    except Exception as error:  # the type depends on the defect of the file
        raise ValueError(
            f"'{path}' is not a {path.suffix} file ({error or type(error).__name__})"
        ) from error


def _table(path: Path) -> dict[str, list[Part]]:
    columns, rows = _rows(path)
    label = _column(columns, LABEL, path)
    subject = columns.get('subject') or columns.get('face')
    tiers: dict[str, list[tuple[int, dict]]] = {}
    for number, row in rows:
        name = (row.get(subject) or '').strip() if subject else ''
        tiers.setdefault(name, []).append((number, row))
    kind = next((columns[name] for name in KIND if name in columns), None)
    if kind and 'time' in columns:
        return {
            name: list(_events(part, label, columns['time'], kind, path))
            for name, part in tiers.items()
        }
    start, end = _column(columns, START, path), _column(columns, END, path)
    return {
        name: [
            (
                row[label] or '',
                _number(row, start, number, path),
                _number(row, end, number, path),
            )
            for number, row in part
            if not (kind and (row[kind] or '').strip().upper() == 'POINT')
        ]
        for name, part in tiers.items()
    }


def _rows(path: Path) -> tuple[dict[str, str], list]:
    """Names of the columns by their lower case, and the rows with their numbers."""
    # By `newline=None` files with the line ends of old Macs are read as well.
    lines = list(io.StringIO(read_text(path), newline=None))
    # The tabular export of old releases of BORIS begins with facts and an empty line.
    first = next((i for i, line in enumerate(lines) if _is_header(line)), 0)
    header = lines[first] if lines else ''
    reader = csv.DictReader(lines[first:], delimiter=max(',;\t', key=header.count))
    try:
        columns = {name.strip().lower(): name for name in reader.fieldnames or ()}
        rows = [
            (number, row)
            for number, row in enumerate(reader, first + 2)
            if any(value for name, value in row.items() if name)
        ]
    except csv.Error as error:
        raise ValueError(f"'{path}' is not a table ({error})") from error
    return columns, rows


def _is_header(line: str) -> bool:
    cells = {cell.strip(' "\r\n').lower() for cell in re.split('[,;\t]', line)}
    return not cells.isdisjoint(LABEL)


def _events(
    rows: list[tuple[int, dict]], label: str, time: str, kind: str, path: Path
) -> Iterator[Part]:
    """Combine the START and STOP rows of BORIS."""
    begun: dict[str, float] = {}
    ordered = sorted(rows, key=lambda pair: _number(pair[1], time, pair[0], path))
    for number, row in ordered:
        name, what = row[label] or '', (row[kind] or '').strip().upper()
        if what == 'START':
            begun[name] = _number(row, time, number, path)
        elif what == 'STOP':
            if name not in begun:
                raise ValueError(
                    f"'{path}', row {number}: {name!r} has STOP without START"
                )
            yield name, begun.pop(name), _number(row, time, number, path)
    if begun:
        raise ValueError(f"'{path}': {sorted(begun)[0]!r} has START without STOP")


def _column(columns: Mapping[str, str], names: Sequence[str], path: Path) -> str:
    for name in names:
        if name in columns:
            return columns[name]
    raise ValueError(
        f"'{path}' has no column {' or '.join(names)}; found {', '.join(columns)}"
    )


def _number(row: Mapping[str, str], column: str, number: int, path: Path) -> float:
    text = (row[column] or '').strip()
    if text.count(',') == 1 and '.' not in text:
        text = text.replace(',', '.')
    try:
        if clock := _CLOCK.fullmatch(text):
            hours, minutes, seconds = clock.groups()
            return 3600 * int(hours or 0) + 60 * int(minutes) + float(seconds)
        if math.isfinite(value := read_number(text)):
            return value
    except ValueError:
        pass
    raise ValueError(
        f"'{path}', row {number}: {column} must be a number of seconds, got "
        f'{row[column]!r}'
    )


def _chosen(
    tiers: Mapping[str, list[Part]], tier: str | None, path: Path
) -> list[Part]:
    filled = {name: parts for name, parts in tiers.items() if parts}
    if tier is None and len(filled) == 1:
        return next(iter(filled.values()))
    if tier is None or tier not in tiers:
        names = ', '.join(map(repr, filled)) or 'none with an interval'
        found = 'no tier was chosen' if tier is None else f'there is no tier {tier!r}'
        raise ValueError(f"'{path}': {found}; there are {names}")
    return tiers[tier]


def _labelled(
    parts: Sequence[Part], classes: Sequence[str], names: Mapping[str, str], path: Path
) -> list[CodedInterval]:
    numbers = class_numbers(classes)
    found = []
    for text, start, end in parts:
        label = unescape_cell(text.strip())
        label = names.get(label, label)
        if not label:
            continue
        if class_word(label) not in numbers:
            raise ValueError(
                f"'{path}': {label!r} is not a class of the network "
                f'({", ".join(classes)}); --map {label}=CLASS names one, --map '
                f'{label}= leaves it out'
            )
        if not end > start:
            raise ValueError(f"'{path}': {label!r} ends at {end} s, before it begins")
        if not -math.inf < start < end < math.inf:
            raise ValueError(f"'{path}': {label!r} goes from {start} to {end} s")
        found.append(CodedInterval(numbers[class_word(label)], start, end))
    return found
