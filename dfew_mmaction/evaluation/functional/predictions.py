"""The predictions file: what a test run leaves for those who score it.

A CSV with one row a clip: ``video_id``, the true ``label`` and the ``prediction`` by
name, and ``score_<class>`` for each class in the order of the labels.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ...utils import atomic_write


def write_predictions(
    path: str | Path,
    video_ids: Sequence[str],
    labels: Sequence[int],
    scores: np.ndarray,
    classes: Sequence[str],
) -> None:
    """Write a predictions file.

    Args:
        path (str | Path): The CSV.
        video_ids (Sequence[str]): n clip names.
        labels (Sequence[int]): n true labels from 0.
        scores (np.ndarray): Scores of shape (n, num_classes).
        classes (Sequence[str]): Names of the classes.
    """
    names = np.asarray(classes)
    import pandas as pd  # half a second that training need not wait for

    table = pd.DataFrame(scores, columns=[f'score_{name}' for name in classes])
    table.insert(0, 'video_id', list(video_ids))
    table.insert(1, 'label', names[np.asarray(labels)])
    table.insert(2, 'prediction', names[np.asarray(scores).argmax(axis=1)])
    with atomic_write(path) as beside:
        table.to_csv(beside, index=False)


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
        ValueError: If it has other columns, no row, a class that the scores do not
            have, or a clip twice. The message names file and row.
    """
    import pandas as pd

    table = pd.read_csv(path, dtype={'video_id': str}, encoding='utf-8-sig')
    columns = list(table.columns)
    classes = tuple(c[len('score_') :] for c in columns if c.startswith('score_'))
    if columns[:3] != ['video_id', 'label', 'prediction'] or not classes:
        raise ValueError(
            f'{path}: expected the columns video_id, label, prediction, score_<class> '
            f'…, found {columns}. Write it by `tools/test.py … --dump FILE.csv`.'
        )
    if table.empty:
        raise ValueError(f'{path}: no predictions below the header')
    unknown = table.index[~table['label'].isin(classes)]
    if len(unknown):
        raise ValueError(
            f'{path}, row {unknown[0] + 2}: the label '
            f'{table["label"][unknown[0]]!r} is none of the classes {classes}'
        )
    twice = table.index[table['video_id'].duplicated()]
    if len(twice):
        raise ValueError(
            f'{path}, row {twice[0] + 2}: clip {table["video_id"][twice[0]]} is there '
            'a second time'
        )
    labels = table['label'].map(classes.index).to_numpy(np.int64)
    scores = table[[f'score_{name}' for name in classes]].to_numpy(np.float64)
    return table['video_id'].to_numpy(str), labels, scores, classes
