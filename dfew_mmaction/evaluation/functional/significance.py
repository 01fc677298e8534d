"""Significance of differences between two sets of predictions."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import binomtest


class McNemar(NamedTuple):
    """Outcome of :func:`mcnemar`.

    Attributes:
        only_first (int): Samples that only the first classifies correctly.
        only_second (int): Samples that only the second classifies correctly.
        p_value (float): Two-sided, in (0, 1].
    """

    only_first: int
    only_second: int
    p_value: float


def mcnemar(first: ArrayLike, second: ArrayLike) -> McNemar:
    """Exact McNemar test of two classifiers on the same samples.

    Under the null hypothesis, a sample that exactly one of the two classifies correctly
    is equally likely to be either's; the p-value is that of the binomial test
    (Dietterich, 1998, gives the approximation by chi-squared).

    Args:
        first (Sequence[bool]): Whether each of n samples is right, shape (n, ).
        second (Sequence[bool]): The same for the second classifier.

    Returns:
        McNemar: The counts and the p-value.

    Raises:
        ValueError: If the lengths differ.

    Examples:
        >>> mcnemar([1, 1, 1, 0], [0, 0, 1, 1])
        McNemar(only_first=2, only_second=1, p_value=1.0)
    """
    first, second = np.asarray(first, bool), np.asarray(second, bool)
    if first.shape != second.shape or first.ndim != 1:
        raise ValueError(
            f'expected two arrays of shape (n, ), got {first.shape} and {second.shape}'
        )
    one, other = int((first & ~second).sum()), int((second & ~first).sum())
    p_value = binomtest(one, one + other).pvalue if one + other else 1.0
    return McNemar(one, other, float(p_value))


def bootstrap_scores(
    correct: ArrayLike,
    labels: ArrayLike,
    draws: int = 2000,
    *,
    seed: int = 0,
) -> dict[str, np.ndarray]:
    """Bootstrap UAR and WAR over clips, and over seeds if there are several.

    Clips are drawn with replacement within each class, so that each draw has all
    classes; training seeds are drawn as well. Calls with the same ``labels``, number of
    seeds and ``seed`` use the same draws, so that their difference is paired.

    Args:
        correct (np.ndarray): Whether each clip is right, by seed: bool of shape
            (num_seeds, n) or (n, ).
        labels (Sequence[int]): True labels, shape (n, ).
        draws (int): Defaults to 2000.
        seed (int): Seed of the random numbers. Defaults to 0.

    Returns:
        dict[str, np.ndarray]: ``'UAR'`` and ``'WAR'``, each of shape (draws, ), in
        [0, 1].

    Raises:
        ValueError: If the shapes do not fit.
    """
    correct = np.atleast_2d(np.asarray(correct, float))
    labels = np.asarray(labels)
    if correct.ndim != 2 or correct.shape[1:] != labels.shape or not labels.size:
        raise ValueError(
            'correct needs shape (seeds, n) and labels (n, ), n above 0; got '
            f'{correct.shape} and {labels.shape}'
        )
    rng = np.random.default_rng(seed)
    seeds = len(correct)
    chosen = rng.multinomial(seeds, [1 / seeds] * seeds, size=draws) / seeds
    recalls, hits = [], np.zeros(draws)
    for label in np.unique(labels):
        members = correct[:, labels == label]
        count = members.shape[1]
        by_draw = np.empty(draws)
        # A few hundred draws at a time, to limit the memory of the weights.
        for start in range(0, draws, 256):
            part = slice(start, min(start + 256, draws))
            weights = rng.multinomial(
                count, np.full(count, 1 / count), size=part.stop - part.start
            )
            by_draw[part] = ((weights @ members.T) * chosen[part]).sum(axis=1)
        recalls.append(by_draw / count)
        hits += by_draw
    return {'UAR': np.mean(recalls, axis=0), 'WAR': hits / labels.size}


def interval(values: np.ndarray, level: float = 0.95) -> tuple[float, float]:
    """Percentile interval of bootstrap draws."""
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def holm(p_values: ArrayLike) -> np.ndarray:
    """Correct p-values for their number (Holm, 1979).

    Args:
        p_values (Sequence[float]): m values.

    Returns:
        np.ndarray: m values, at most 1.

    Examples:
        >>> holm([0.01, 0.04, 0.03])
        array([0.03, 0.06, 0.06])
    """
    p_values = np.asarray(p_values, float)
    order = np.argsort(p_values)
    factors = len(p_values) - np.arange(len(p_values))
    corrected = np.minimum(np.maximum.accumulate(p_values[order] * factors), 1)
    result = np.empty_like(corrected)
    result[order] = corrected
    return result
