"""Agreement of two codings of one video over time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

#: Greatest number of compared times: 11 hours in steps of a millisecond.
MAX_TIMES = 40_000_000


class CodedInterval(NamedTuple):
    """A stretch of time with one label.

    Attributes:
        label (int): Index of the class.
        start (float): Seconds at which it begins.
        end (float): Seconds at which it ends.
    """

    label: int
    start: float
    end: float


@dataclass
class CodingAgreement:
    """Agreement of a network with a coder.

    Attributes:
        kappa (float): Cohen's kappa over time; NaN if both have one label throughout.
        agreement (float): Share of the time with the same label, in [0, 1].
        seconds (float): Time that was compared.
        per_class (list[dict[str, float]]): ``precision`` and ``recall`` of each class
            over time (NaN without any time in the denominator), and the seconds that
            the network (``network``) and the coder (``coder``) give it.
        onset_errors (list[np.ndarray]): Onset by the network less onset by the
            coder in seconds, of each matched interval; one array per class.
        unmatched (int): Intervals of the coder that no interval of the network with the
            same label overlaps.
    """

    kappa: float
    agreement: float
    seconds: float
    per_class: list[dict[str, float]] = field(default_factory=list)
    onset_errors: list[np.ndarray] = field(default_factory=list)
    unmatched: int = 0


def label_track(intervals: Sequence[CodedInterval], times: ArrayLike) -> np.ndarray:
    """Look up labels at times; -1 outside all intervals.

    Args:
        intervals (Sequence[CodedInterval]): Intervals; where they overlap, the one that
            begins later is used.
        times (ArrayLike): Seconds, shape (n,).

    Returns:
        np.ndarray: int64 of shape (n,). An interval includes its start, not its end.
    """
    times = np.asarray(times, np.float64)
    track = np.full(times.shape, -1)
    for interval in sorted(intervals, key=lambda part: part.start):
        track[(times >= interval.start) & (times < interval.end)] = interval.label
    return track


def coding_agreement(
    network: Sequence[CodedInterval],
    coder: Sequence[CodedInterval],
    num_classes: int,
    *,
    begin: float,
    end: float,
    step: float = 0.04,
    coded_only: bool = False,
) -> CodingAgreement:
    """Compare two codings at evenly spaced times.

    Time without a label is an additional category for kappa and agreement.

    Args:
        network (Sequence[CodedInterval]): The coding to evaluate.
        coder (Sequence[CodedInterval]): The reference.
        num_classes (int): Number of classes.
        begin (float): Start of the comparison in seconds.
        end (float): End of the comparison in seconds.
        step (float): Seconds between the times. Defaults to 0.04.
        coded_only (bool): Leave out the time without a label of the coder. Defaults to
            False.

    Returns:
        CodingAgreement: The measures.

    Raises:
        ValueError: If ``step`` is not above 0 or no time is left.
    """
    if not (0 < step < np.inf and np.isfinite(begin) and np.isfinite(end)):
        raise ValueError(
            f'expected finite times and a step above 0, got {begin}, {end} and {step}'
        )
    if (end - begin) / step > MAX_TIMES:
        raise ValueError(
            f'the codings go from {begin} to {end} s, which are more than '
            f'{MAX_TIMES:,} steps of {step} s. Are all times in seconds?'
        )
    times = np.arange(begin + step / 2, end, step)  # the middle of each step
    ours, theirs = label_track(network, times), label_track(coder, times)
    if coded_only:
        ours, theirs = ours[theirs >= 0], theirs[theirs >= 0]
    if not len(ours):
        raise ValueError('there is no time to compare: the codings do not overlap')
    # Imported here: it takes a second.
    from sklearn.metrics import cohen_kappa_score, precision_recall_fscore_support

    one_label = (ours == ours[0]).all() and (theirs == ours[0]).all()
    classes = range(num_classes)
    precision, recall, *_ = precision_recall_fscore_support(
        theirs, ours, labels=classes, zero_division=np.nan
    )
    errors, unmatched = _onset_errors(network, coder, num_classes)
    return CodingAgreement(
        float('nan') if one_label else float(cohen_kappa_score(ours, theirs)),
        float((ours == theirs).mean()),
        len(ours) * step,
        [
            dict(
                precision=float(precision[label]),
                recall=float(recall[label]),
                network=float((ours == label).sum()) * step,
                coder=float((theirs == label).sum()) * step,
            )
            for label in classes
        ],
        errors,
        unmatched,
    )


def _onset_errors(
    network: Sequence[CodedInterval], coder: Sequence[CodedInterval], num_classes: int
) -> tuple[list[np.ndarray], int]:
    """Match each interval of the coder with the network's one of greatest overlap."""
    errors: list[list[float]] = [[] for _ in range(num_classes)]
    unmatched = 0
    for part in coder:
        shared = [
            min(part.end, other.end) - max(part.start, other.start)
            if other.label == part.label
            else -np.inf
            for other in network
        ]
        best = int(np.argmax(shared)) if shared else -1
        if best < 0 or shared[best] <= 0:
            unmatched += 1
        else:
            errors[part.label].append(network[best].start - part.start)
    return [np.array(values) for values in errors], unmatched
