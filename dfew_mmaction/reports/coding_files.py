"""Reading of human codings: ELAN, Praat, BORIS or a table."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ..evaluation.functional.coding_agreement import CodedInterval
from ..utils import class_word, read_text
from ..utils.text import unescape_cell

#: Possible names of the columns of a table.
START, END = ('start', 'onset', 'begin'), ('end', 'offset', 'stop')
LABEL = ('emotion', 'label', 'behavior', 'behaviour', 'code')
INSTALL = (
    'reading {suffix} needs the package pympi-ling, which is not installed: `pip '
    'install pympi-ling`'
)
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
    ``.TextGrid``      Praat; ``tier`` is the name of an interval tier
    ``.csv``, ``.tsv`` one row per interval: start, end and emotion, in seconds; or the
                       events that BORIS exports, with Time, Behavior and Behavior type
                       (START, STOP); ``tier`` is a value of the column Subject, if
                       there is one
    =================  =============================================================

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
        ImportError: If pympi-ling is not installed.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if not path.is_file():
        raise FileNotFoundError(f"there is no coding '{path}'")
    if suffix in ('.eaf', '.textgrid'):
        tiers = _tiers(path, suffix)
    elif suffix in ('.csv', '.tsv'):
        tiers = _table(path, '\t' if suffix == '.tsv' else ',')
    else:
        raise ValueError(
            f"'{path}': expected a coding as .eaf, .TextGrid, .csv or .tsv"
        )
    parts = sorted(_chosen(tiers, tier, path), key=lambda part: part[1])
    return _labelled(parts, classes, names or {}, path)


def _tiers(path: Path, suffix: str) -> dict[str, list[Part]]:
    try:
        import pympi
    except ImportError as error:
        raise ImportError(INSTALL.format(suffix=suffix)) from error
    try:
        if suffix == '.textgrid':
            grid = pympi.Praat.TextGrid(str(path))
            return {
                tier.name: [(t, b, e) for b, e, t in tier.get_all_intervals()]
                for tier in grid.get_tiers()
                if tier.tier_type == 'IntervalTier'
            }
        document = pympi.Elan.Eaf(str(path))
        return {
            name: [
                (part[2], part[0] / 1000, part[1] / 1000)
                for part in document.get_annotation_data_for_tier(name)
            ]
            for name in document.get_tier_names()
        }
    except Exception as error:  # the type depends on the defect of the file
        raise ValueError(f"'{path}' is not a {suffix} file ({error})") from error


def _table(path: Path, delimiter: str) -> dict[str, list[Part]]:
    columns, rows = _rows(path, delimiter)
    label = _column(columns, LABEL, path)
    subject = columns.get('subject') or columns.get('face')
    tiers: dict[str, list[tuple[int, dict]]] = {}
    for number, row in rows:
        name = (row.get(subject) or '').strip() if subject else ''
        tiers.setdefault(name, []).append((number, row))
    if 'behavior type' in columns:
        time, kind = _column(columns, ('time',), path), columns['behavior type']
        return {
            name: list(_events(part, label, time, kind, path))
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
        ]
        for name, part in tiers.items()
    }


def _rows(path: Path, delimiter: str) -> tuple[dict[str, str], list]:
    """Names of the columns by their lower case, and the rows with their numbers."""
    # By `newline=None` files with the line ends of old Macs are read as well.
    lines = io.StringIO(read_text(path), newline=None)
    reader = csv.DictReader(lines, delimiter=delimiter)
    try:
        columns = {name.strip().lower(): name for name in reader.fieldnames or ()}
        rows = [(n, row) for n, row in enumerate(reader, 2) if any(row.values())]
    except csv.Error as error:
        raise ValueError(f"'{path}' is not a table ({error})") from error
    return columns, rows


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
    try:
        value = float(row[column])
        if value == value and abs(value) != float('inf'):
            return value
    except (TypeError, ValueError):
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
    numbers = {class_word(name): number for number, name in enumerate(classes)}
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
        found.append(CodedInterval(numbers[class_word(label)], start, end))
    return found
