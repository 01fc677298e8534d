"""Unweighted and weighted average recall (section 4.1 of the DFEW paper)."""

import warnings
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from ...utils import check_labels, check_scores


def confusion_matrix(
    pred: ArrayLike, target: ArrayLike, num_classes: int = 7
) -> np.ndarray:
    """Count predictions by true class (rows) and predicted class (columns).

    Args:
        pred (Sequence[int] | np.ndarray): Predicted labels of shape (n, ), or scores of
            shape (n, num_classes), whose maximum is the prediction.
        target (Sequence[int] | np.ndarray): True labels from 0, shape (n, ).
        num_classes (int): Number of classes. Defaults to 7.

    Returns:
        np.ndarray: int64 of shape (num_classes, num_classes).

    Raises:
        ValueError: If there is no sample, lengths or shapes do not match, labels are
            outside the classes, or scores are NaN.
    """
    answers, truth = np.asarray(pred), np.asarray(target)
    if answers.ndim == 2:
        if answers.shape[1] != num_classes:
            raise ValueError(
                f'pred has scores of {answers.shape[1]} classes, expected {num_classes}'
            )
        check_scores(answers, range(len(answers)))
        answers = answers.argmax(axis=1)
    if truth.ndim != 1 or answers.shape != truth.shape:
        raise ValueError(
            'pred needs shape (n, ) or (n, num_classes) and target (n, ); got '
            f'{answers.shape} and {truth.shape}'
        )
    if not len(truth):
        raise ValueError('there is no sample to score')
    for name, labels in (('pred', answers), ('target', truth)):
        try:
            check_labels(labels, num_classes)
        except ValueError as error:
            raise ValueError(f'{name}: {error}') from error
    matrix = np.zeros((num_classes, num_classes), np.int64)
    np.add.at(matrix, (truth.astype(np.int64), answers.astype(np.int64)), 1)
    return matrix


def uar_war(
    pred: ArrayLike,
    target: ArrayLike,
    num_classes: int = 7,
    *,
    classes: Sequence[str] | None = None,
) -> dict[str, float]:
    """Compute UAR, WAR and the recall of each class.

    UAR is the mean of the recalls, WAR the share of correct predictions. The recall of
    a class without samples in ``target`` is NaN. Such a class is left out of UAR and
    named in a warning, also if it was predicted.

    Args:
        pred (Sequence[int] | np.ndarray): Labels (n, ) or scores (n, num_classes).
        target (Sequence[int] | np.ndarray): True labels from 0, shape (n, ).
        num_classes (int): Number of classes. Defaults to 7.
        classes (Sequence[str], optional): Their names. Defaults to their numbers.

    Returns:
        dict[str, float]: ``UAR``, ``WAR`` and ``recall_<class>``, in [0, 1].

    Raises:
        ValueError: See :func:`confusion_matrix`.

    Examples:
        >>> uar_war([0, 1, 1, 1], [0, 0, 1, 1], 2, classes=('sad', 'fear'))
        {'UAR': 0.75, 'WAR': 0.75, 'recall_sad': 0.5, 'recall_fear': 1.0}
    """
    names = list(classes) if classes is not None else list(map(str, range(num_classes)))
    if len(names) != num_classes:
        raise ValueError(f'{len(names)} names for {num_classes} classes: {names}')
    matrix = confusion_matrix(pred, target, num_classes)
    hits, totals = matrix.diagonal(), matrix.sum(axis=1)
    there = totals > 0
    if not there.all():
        absent = ', '.join(name for name, is_there in zip(names, there) if not is_there)
        warnings.warn(
            f'no sample of the classes {absent}: UAR is the mean over the other '
            f'{there.sum()} classes'
        )
    recalls = np.full(num_classes, np.nan)
    recalls[there] = hits[there] / totals[there]
    scores = {
        'UAR': float(np.nanmean(recalls)),
        'WAR': float(hits.sum() / totals.sum()),
    }
    scores.update((f'recall_{name}', float(r)) for name, r in zip(names, recalls))
    return scores
