"""The embeddings file, and measures of the separation of classes.

An ``.npz`` with ``video_ids`` (n, ) of str, ``labels`` (n, ), ``embeddings`` (n, d)
of float32, and the names of the ``classes``; nothing in it is pickled.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ...utils import atomic_write, check_labels, class_names
from ...utils.arrays import load_arrays


class Embeddings(NamedTuple):
    """Content of an embeddings file.

    Attributes:
        video_ids (np.ndarray): n clip names.
        labels (np.ndarray): True labels, int64 of shape (n, ).
        embeddings (np.ndarray): float32 of shape (n, d).
        classes (tuple[str, ...]): Names of the classes.
    """

    video_ids: np.ndarray
    labels: np.ndarray
    embeddings: np.ndarray
    classes: tuple[str, ...]


def write_embeddings(
    path: str | Path,
    video_ids: Sequence[str],
    labels: Sequence[int],
    embeddings: np.ndarray,
    classes: Sequence[str],
) -> None:
    """Write an embeddings file; for arguments see :class:`Embeddings`."""
    with atomic_write(path) as temporary, open(temporary, 'wb') as file:
        np.savez(
            file,
            video_ids=np.asarray(video_ids, str),
            labels=np.asarray(labels, np.int64),
            embeddings=np.asarray(embeddings, np.float32),
            classes=np.asarray(classes, str),
        )


def read_embeddings(path: str | Path) -> Embeddings:
    """Read an embeddings file.

    Raises:
        FileNotFoundError: If there is none.
        ValueError: If it is no embeddings file, its arrays do not match, a label is out
            of range, or an embedding is not finite.
    """
    try:
        parts = list(load_arrays(path, Embeddings._fields).values())
    except ValueError as error:
        raise ValueError(
            f'{path} is not an embeddings file ({error}): write one by '
            '`tools/test.py … --embeddings FILE.npz`'
        ) from error
    video_ids, labels, embeddings, classes = parts
    kinds = [part.dtype.kind for part in parts]
    if [part.ndim for part in parts] != [1, 1, 2, 1] or kinds not in (
        [*'UifU'], [*'UufU']
    ):  # fmt: skip
        raise ValueError(
            f'{path} is not an embeddings file: its video_ids, labels, embeddings and '
            f'classes are {", ".join(f"{x.dtype} of shape {x.shape}" for x in parts)}'
        )
    if len({len(x) for x in parts[:3]}) > 1:
        raise ValueError(
            f'{path}: {len(video_ids)} names, {len(labels)} labels and embeddings of '
            f'shape {embeddings.shape} do not fit together'
        )
    try:
        names = class_names(classes.tolist())
        check_labels(labels, len(names), video_ids.tolist())
    except ValueError as error:
        raise ValueError(f'{path}: {error}') from error
    wrong = ~np.isfinite(embeddings).all(axis=1)
    if wrong.any():
        raise ValueError(
            f'{path}: the embeddings of {wrong.sum()} of {len(wrong)} clips are not '
            f'finite, the first is {video_ids[wrong][0]}. Has training diverged?'
        )
    return Embeddings(video_ids, labels, embeddings, names)


def separation(embeddings: ArrayLike, labels: ArrayLike) -> dict[str, float]:
    """Measure the separation of the classes.

    Args:
        embeddings (np.ndarray): Shape (n, d).
        labels (Sequence[int]): Shape (n, ); at least two classes.

    Returns:
        dict[str, float]: ``silhouette`` in [-1, 1] (Rousseeuw, 1987), the mean over
        all samples; ``within`` and ``between``, the mean Euclidean distances of pairs
        within and between classes; ``ratio``, ``within`` divided by ``between``:
        smaller is better.

    Raises:
        ValueError: If shapes do not match or there is one class only.
    """
    # Imported here, since training imports this module without needing it.
    from sklearn.metrics import pairwise_distances_chunked, silhouette_score

    embeddings, labels = np.asarray(embeddings, np.float64), np.asarray(labels)
    if embeddings.ndim != 2 or labels.shape != embeddings.shape[:1]:
        raise ValueError(
            'expected embeddings (n, d) and labels (n, ), got '
            f'{embeddings.shape} and {labels.shape}'
        )
    if len(np.unique(labels)) < 2:
        raise ValueError('expected at least two classes, found one')
    sums, counts, start = np.zeros(2), np.zeros(2), 0
    for rows in pairwise_distances_chunked(embeddings):
        same = labels[start : start + len(rows), None] == labels[None]
        sums += [rows[same].sum(), rows[~same].sum()]
        counts += [same.sum(), (~same).sum()]
        start += len(rows)
    counts[0] -= len(labels)  # a sample and itself are not a pair
    within, between = sums / np.maximum(counts, 1)
    return dict(
        silhouette=float(silhouette_score(embeddings, labels)),
        within=float(within),
        between=float(between),
        ratio=float(within / between),
    )
