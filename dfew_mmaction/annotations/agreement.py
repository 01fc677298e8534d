"""Agreement of annotators (section 2.3 of the DFEW paper)."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

#: Table 3 of the paper, after Landis and Koch (1977): upper end and name.
INTERPRETATION = (
    (0.0, 'poor'),
    (0.2, 'slight'),
    (0.4, 'fair'),
    (0.6, 'moderate'),
    (0.8, 'substantial'),
    (1.0, 'almost perfect'),
)


def fleiss_kappa(votes: ArrayLike) -> float:
    r"""Fleiss' kappa, equations 1 to 5 of the paper.

    With :math:`n_{ij}` of the :math:`n` annotators who gave subject :math:`i` category
    :math:`j`, :math:`p_j` the share of all votes for :math:`j`:

    .. math::
        P_i = \frac{\sum_j n_{ij}^2 - n}{n (n - 1)}, \quad
        κ = \frac{\bar P - \sum_j p_j^2}{1 - \sum_j p_j^2}

    Args:
        votes (array_like): Counts of shape (subjects, categories); each row adds up to
            the same number of annotators, at least two.

    Returns:
        float: At most 1; NaN if all votes are for one category.

    Raises:
        ValueError: If the counts do not have this form; the message names the first
            row.

    Examples:
        >>> round(fleiss_kappa([[5, 0], [0, 5], [4, 1]]), 3)
        0.722
    """
    counts = _counts(votes)
    raters = counts[0].sum()
    per_subject = ((counts**2).sum(axis=1) - raters) / (raters * (raters - 1))
    shares = counts.sum(axis=0) / counts.sum()
    by_chance = (shares**2).sum()
    if by_chance == 1:
        return float('nan')
    return float((per_subject.mean() - by_chance) / (1 - by_chance))


def category_kappa(votes: pd.DataFrame) -> dict[str, float]:
    """Kappa of each category against all others (Fleiss 1971, equation 20 ff.).

    Args:
        votes (pandas.DataFrame): Counts, one column per category, as for
            :func:`fleiss_kappa`.

    Returns:
        dict[str, float]: Kappa by column; NaN for a category with no or all votes.
        Their mean, weighted by p_j (1 - p_j), is Fleiss' kappa.
    """
    counts = _counts(votes)
    raters = counts[0].sum()
    return {
        str(name): fleiss_kappa(np.stack([column, raters - column], axis=1))
        for name, column in zip(votes.columns, counts.T)
    }


def cooccurrence(votes: pd.DataFrame) -> pd.DataFrame:
    """Probability that another annotator of a clip chose k if one chose j.

    Args:
        votes (pandas.DataFrame): Counts, one column per category; at least two votes
            per row.

    Returns:
        pandas.DataFrame: Shape (categories, categories). Entry (j, k) is the
        probability of k given j. Rows add up to 1, or are NaN for a category without
        votes.
    """
    counts = votes.to_numpy(dtype=np.float64)
    others = counts.sum(axis=1, keepdims=True) - 1
    if (others < 1).any():
        row = votes.index[(others < 1).argmax()]
        raise ValueError(f'row {row} has fewer than two votes')
    pairs = (counts / others).T @ counts - np.diag((counts / others).sum(axis=0))
    total = counts.sum(axis=0)[:, None]
    share = np.divide(pairs, total, out=np.full_like(pairs, np.nan), where=total > 0)
    return pd.DataFrame(share, index=votes.columns, columns=votes.columns)


def interpret_kappa(kappa: float) -> str:
    """Name of a kappa in table 3, such as ``'substantial'`` for 0.61 to 0.80.

    The table has gaps (0.20 to 0.21) and no entry for 0: a value belongs to the first
    range whose upper end it does not exceed, and 0 is ``'slight'``.
    """
    if not -1 <= kappa <= 1:
        raise ValueError(f'expected a kappa in [-1, 1], got {kappa}')
    if kappa < 0:
        return INTERPRETATION[0][1]
    return next(words for upper, words in INTERPRETATION[1:] if kappa <= upper)


def _counts(votes: ArrayLike) -> np.ndarray:
    counts = np.asarray(votes, dtype=np.float64)
    if counts.ndim != 2 or not counts.size:
        raise ValueError(
            f'expected counts of shape (subjects, categories), got {counts.shape}'
        )
    if (counts < 0).any() or (counts != np.rint(counts)).any():
        raise ValueError('votes must be whole numbers from 0')
    raters = counts.sum(axis=1)
    if raters[0] < 2 or (raters != raters[0]).any():
        row = int((raters != raters[0]).argmax())
        raise ValueError(
            'all subjects must have the same number of votes, at least two: subject 0 '
            f'has {raters[0]:.0f}, subject {row} has {raters[row]:.0f}'
        )
    return counts
