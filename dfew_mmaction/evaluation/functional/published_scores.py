"""Consistency of published scores."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike


def check_published_scores(
    recalls: ArrayLike,
    totals: ArrayLike,
    uar: float,
    war: float,
    decimals: int = 2,
) -> dict[str, Any]:
    """Check whether the UAR and WAR of a published row follow from its recalls.

    A printed recall represents an interval of half a unit of its last digit to either
    side. If some counts of correct clips have recalls in that interval, the recall of
    the class is one of them. Otherwise no number of clips has this recall, as is the
    case for most means over folds, and the complete interval is used. A score follows
    if recalls within these limits give it to one unit of its last digit, since tables
    may be rounded or truncated.

    Args:
        recalls (ArrayLike): Printed recall of each class, in percent.
        totals (ArrayLike): Clips of each class, above 0.
        uar (float): Printed UAR in percent.
        war (float): Printed WAR in percent.
        decimals (int): Printed digits after the point. Defaults to 2.

    Returns:
        dict: ``UAR`` and ``WAR`` in percent, computed from the recalls,
        ``uar_follows`` and ``war_follows``, and ``recalls_possible``: for each class
        whether some count of clips has the printed recall.

    Raises:
        ValueError: If there is not one total per recall, a total is below 1, a value is
            outside [0, 100], or the values are fractions.

    Examples:
        >>> check_published_scores([50.0, 100.0], [2, 6], 75.0, 87.5)['war_follows']
        True
        >>> check_published_scores([50.0, 90.0], [2, 6], 70.0, 80.0)['recalls_possible']
        [True, False]
    """
    percent, clips = np.asarray(recalls, float), np.asarray(totals)
    _check_row(percent, clips, uar, war)
    half, tiny = 0.5 * 10.0**-decimals, 1e-9
    low = np.maximum(percent - half, 0) / 100 * clips
    high = np.minimum(percent + half, 100) / 100 * clips
    first, last = np.ceil(low - tiny), np.floor(high + tiny)
    possible = first <= last
    low, high = np.where(possible, first, low), np.where(possible, last, high)
    middle = (low + high) / 2

    def follows(printed: float, lowest: float, highest: float) -> bool:
        return bool(lowest - 2 * half - tiny <= printed <= highest + 2 * half + tiny)

    def both(hits: np.ndarray) -> tuple[float, float]:
        return float(100 * (hits / clips).mean()), float(100 * hits.sum() / clips.sum())

    (low_uar, low_war), (high_uar, high_war) = both(low), both(high)
    expected_uar, expected_war = both(middle)
    return dict(
        UAR=expected_uar,
        WAR=expected_war,
        uar_follows=follows(uar, low_uar, high_uar),
        war_follows=follows(war, low_war, high_war),
        recalls_possible=possible.tolist(),
    )


def _check_row(percent: np.ndarray, clips: np.ndarray, uar: float, war: float) -> None:
    if percent.shape != clips.shape or percent.ndim != 1 or (clips < 1).any():
        raise ValueError(
            'recalls and totals need one positive total for each recall, got '
            f'{percent.tolist()} and {clips.tolist()}'
        )
    values = np.array([*percent, uar, war])
    if not ((values >= 0) & (values <= 100)).all():
        wrong = values[~((values >= 0) & (values <= 100))][0]
        raise ValueError(f'recalls, UAR and WAR must be in [0, 100], got {wrong:g}')
    # A UAR or WAR of 1 % is below chance for any number of classes up to 100.
    if any(0 < part.max() <= 1 for part in (percent, values[-2:])):
        raise ValueError(
            'the values must be percent, and these look like fractions: '
            f'{values.tolist()}. Multiply them by 100.'
        )
