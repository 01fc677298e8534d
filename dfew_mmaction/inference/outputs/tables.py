"""JSON and CSV: the timelines and the segments."""

import csv
from collections.abc import Iterable
from pathlib import Path

from ...utils import json_text
from ..results import VideoResult
from .formats import file_format
from .labels import cell_text


@file_format('json', 'timelines.json')
def write_json(path: Path, result: VideoResult) -> None:
    """Write the complete result, see :meth:`.VideoResult.to_dict`."""
    # A path may contain bytes that are not UTF-8.
    text = json_text(result.to_dict()) + '\n'
    path.write_text(text, encoding='utf-8', errors='backslashreplace')


@file_format('csv', 'timelines.csv')
def write_timelines(path: Path, result: VideoResult) -> None:
    """One row per face and window."""
    names = [cell_text(name) for name in result.classes]
    header = ['face', 'start', 'end', 'emotion', *names]
    rows = (
        [face.id, f'{start:.3f}', f'{end:.3f}', names[row.argmax()]]
        + [f'{value:.4f}' for value in row]
        for face in result.faces
        for start, end, row in zip(face.starts, face.ends, face.probabilities)
    )
    _write(path, [header, *rows])


@file_format('segments', 'segments.csv')
def write_segments(path: Path, result: VideoResult) -> None:
    """One row per segment."""
    header = ['face', 'emotion', 'onset', 'offset', 'peak', 'probability']
    rows = [
        [
            face.id,
            cell_text(result.classes[segment.emotion]),
            f'{segment.onset:.3f}',
            f'{segment.offset:.3f}',
            f'{segment.peak:.3f}',
            f'{segment.probability:.4f}',
        ]
        for face in result.faces
        for segment in face.segments
    ]
    _write(path, [header, *rows])


@file_format('boris', 'boris.tsv')
def write_boris(path: Path, result: VideoResult) -> None:
    """Write state events in BORIS' format: a START and a STOP row per segment."""
    rows = []
    for face in result.faces:
        for number, segment in enumerate(face.segments):
            name = cell_text(result.classes[segment.emotion])
            comment = f'probability {segment.probability:.2f}'
            for kind, time in (('START', segment.onset), ('STOP', segment.offset)):
                key = (time, kind == 'START', face.id, number)  # STOP before START
                cells = [f'{time:.3f}', f'face {face.id}', name, kind, comment]
                rows.append((key, cells))
    header = ['Time', 'Subject', 'Behavior', 'Behavior type', 'Comment']
    ordered = [cells for _, cells in sorted(rows, key=lambda row: row[0])]
    _write(path, [header, *ordered], delimiter='\t')


def _write(path: Path, rows: Iterable[list], delimiter: str = ',') -> None:
    with open(path, 'w', newline='', encoding='utf-8') as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator='\n')
        writer.writerows(rows)
