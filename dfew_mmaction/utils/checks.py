"""Checks of scores, labels and fractions."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

#: Range of options in seconds or frames per second; 1,000,000 seconds are 11 days.
MIN_SECONDS, MAX_SECONDS = 0.001, 1e6
#: Range of margins around the face: nearly nothing of it, and the face at 1/21.
MARGINS = (-0.49, 10)


def check_scores(scores: np.ndarray, video_ids: Sequence[object]) -> None:
    """Refuse scores that are not finite numbers.

    Args:
        scores (np.ndarray): Shape (n, num_classes).
        video_ids (Sequence[str]): n clip names, for the message.

    Raises:
        ValueError: If scores are not finite; the message counts the clips and names the
            first one.
    """
    wrong = ~np.isfinite(scores).all(axis=1)
    if wrong.any():
        first = int(wrong.argmax())
        raise ValueError(
            f'the scores of {wrong.sum()} of {len(wrong)} clips are not finite, the '
            f'first is {video_ids[first]}: {scores[first].tolist()}. Has training '
            'diverged? Use an earlier checkpoint and a lower learning rate.'
        )


def check_labels(
    labels: ArrayLike, num_classes: int, video_ids: Sequence[str] | None = None
) -> None:
    """Refuse labels that are not classes.

    Args:
        labels (ArrayLike): Shape (n, ).
        num_classes (int): Labels must be from 0 to ``num_classes - 1``.
        video_ids (Sequence[str], optional): n clip names, for the message.

    Raises:
        ValueError: If a label is wrong; the message names the first one.
    """
    labels = np.asarray(labels)
    if labels.ndim != 1 or labels.dtype.kind not in 'iuf':
        raise ValueError(
            f'labels must be whole numbers of shape (n, ), got {labels.dtype} of shape '
            f'{labels.shape}'
        )
    numbers = labels.astype(np.float64)
    wrong = (numbers != np.rint(numbers)) | (numbers < 0) | (numbers >= num_classes)
    if wrong.any():
        first = int(wrong.argmax())
        who = f'sample {first}' if video_ids is None else f'clip {video_ids[first]}'
        raise ValueError(
            f'labels go from 0 to {num_classes - 1}, and {who} has {labels[first]}'
            + (f' ({wrong.sum()} in all)' if wrong.sum() > 1 else '')
        )


def check_fractions(name: str, values: ArrayLike) -> None:
    """Refuse values outside [0, 1], such as percentages, and NaN.

    Args:
        name (str): Their name for the message.
        values (ArrayLike): Any shape.

    Raises:
        ValueError: If a value is out of range; the message names the first one.
    """
    numbers = np.ravel(np.asarray(values, np.float64))
    wrong = ~((numbers >= 0) & (numbers <= 1))
    if wrong.any():
        raise ValueError(
            f'{name} must be fractions in [0, 1], found {numbers[wrong][0]:g}'
        )
