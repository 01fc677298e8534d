"""The predictions file of a test run.

A CSV with one row per clip: ``video_id``, the true ``label`` and the ``prediction`` by
name, and ``score_<class>`` for each class in the order of the labels.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from ...utils import check_labels, check_scores, class_names, read_rows, write_rows
from ...utils.text import read_number

_COLUMNS = ['video_id', 'label', 'prediction']
_PREFIX = 'score_'


def write_predictions(
    path: str | Path,
    video_ids: Sequence[str],
    labels: ArrayLike,
    scores: ArrayLike,
    classes: Sequence[str],
) -> None:
    """Write a predictions file, which :func:`read_predictions` reads.

    Args:
        path (str | Path): The CSV.
        video_ids (Sequence[str]): n clip names.
        labels (ArrayLike): n true labels from 0.
        scores (ArrayLike): Scores of shape (n, num_classes), finite.
        classes (Sequence[str]): Names of the classes.

    Raises:
        ValueError: If shapes do not match, a label is out of range, a score is not
            finite, or a clip or class is duplicate. Nothing is written then.
    """
    names, ids = class_names(classes), [str(video_id) for video_id in video_ids]
    labels, scores = np.asarray(labels), np.asarray(scores)
    if scores.shape != (len(ids), len(names)) or labels.shape != (len(ids),):
        raise ValueError(
            f'{len(ids)} clips need as many labels and scores of shape '
            f'({len(ids)}, {len(names)}), got shapes {labels.shape} and {scores.shape}'
        )
    if len(set(ids)) < len(ids):
        twice = next(name for name in ids if ids.count(name) > 1)
        raise ValueError(f'clip {twice!r} has two predictions, expected one')
    check_labels(labels, len(names), ids)
    check_scores(scores, ids)
    best = scores.argmax(axis=1)
    rows = (
        [name, names[label], names[top], *row]
        for name, label, top, row in zip(ids, labels, best, scores.astype(str).tolist())
    )
    write_rows(path, [*_COLUMNS, *(f'{_PREFIX}{name}' for name in names)], rows)


def read_predictions(
    path: str | Path,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, tuple[str, ...]]:
    """Read a predictions file.

    Args:
        path (str | Path): The CSV.

    Returns:
        tuple: ``video_ids`` (n, ) of str, ``labels`` (n, ) of int64, ``scores``
        (n, num_classes) of float64, and the names of the classes.

    Raises:
        ValueError: If it has other columns or no row, a label has no column of scores,
            a score is not finite, or a clip is duplicate. The message names
            file and row.
    """
    (_, header), *rows = read_rows(path)
    classes = tuple(c[len(_PREFIX) :] for c in header if c.startswith(_PREFIX))
    wanted = [*_COLUMNS, *(f'{_PREFIX}{name}' for name in classes)]
    if header != wanted or not classes:
        raise ValueError(
            f'{path}: expected the columns video_id, label, prediction, score_<class> '
            f'…, found {header}. Write it by `tools/test.py … --dump FILE.csv`.'
        )
    if len(set(classes)) < len(classes):
        raise ValueError(f'{path}: two columns are of the same class: {header}')
    if not rows:
        raise ValueError(f'{path}: no predictions below the header')
    numbers = {name: number for number, name in enumerate(classes)}
    seen: dict[str, int] = {}
    labels = np.empty(len(rows), np.int64)
    scores = np.empty((len(rows), len(classes)))
    for place, (row, cells) in enumerate(rows):
        where = f'{path}, row {row}'
        if len(cells) != len(header):
            raise ValueError(
                f'{where}: expected {len(header)} cells, found {len(cells)}'
            )
        name, label = cells[:2]
        if label not in numbers:
            raise ValueError(
                f'{where}: the label {label!r} is not one of the classes {classes}'
            )
        if name in seen:
            raise ValueError(
                f'{where}: clip {name} is listed again, first in row {seen[name]}'
            )
        seen[name], labels[place] = row, numbers[label]
        try:
            scores[place] = [read_number(cell) for cell in cells[len(_COLUMNS) :]]
            check_scores(scores[place : place + 1], [name])
            top = numbers.get(cells[2])
            if top is None or scores[place, top] < scores[place].max():
                best = classes[scores[place].argmax()]
                raise ValueError(
                    f'the prediction {cells[2]!r} is not the class with the highest '
                    f'score, {best!r}'
                )
        except ValueError as error:
            raise ValueError(f'{where}: {error}') from error
    return np.array(list(seen), object).astype(str), labels, scores, classes
