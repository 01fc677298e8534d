import numpy as np
import pytest

from dfew_mmaction.evaluation.functional.coding_agreement import (
    CodedInterval,
    coding_agreement,
    label_track,
)


def test_two_codings_by_hand():
    """The network is 0.2 s late with class 0 and misses class 1 at the end."""
    coder = [CodedInterval(0, 1, 3), CodedInterval(1, 4, 5), CodedInterval(1, 8, 9)]
    network = [CodedInterval(0, 1.2, 3), CodedInterval(1, 3.5, 5)]
    found = coding_agreement(network, coder, 3, begin=0, end=10, step=0.1)
    times = np.arange(0.05, 10, 0.1)
    ours, theirs = label_track(network, times), label_track(coder, times)
    shares = np.array([[np.mean(x == k) for k in (-1, 0, 1)] for x in (ours, theirs)])
    agreed, chance = np.mean(ours == theirs), shares.prod(axis=0).sum()
    assert found.kappa == pytest.approx((agreed - chance) / (1 - chance))
    assert found.agreement == pytest.approx(1 - (0.2 + 0.5 + 1) / 10)
    assert found.seconds == pytest.approx(10) and found.unmatched == 1
    for label in (0, 1):
        row = found.per_class[label]
        both = np.sum((ours == label) & (theirs == label))
        assert row['precision'] == pytest.approx(both / np.sum(ours == label))
        assert row['recall'] == pytest.approx(both / np.sum(theirs == label))
    assert found.per_class[1]['coder'] == pytest.approx(2)
    assert np.isnan(found.per_class[2]['recall'])
    np.testing.assert_allclose(found.onset_errors[0], [0.2])
    np.testing.assert_allclose(found.onset_errors[1], [-0.5])
    coded = coding_agreement(network, coder, 3, begin=0, end=10, coded_only=True)
    assert coded.seconds == pytest.approx(4) and coded.agreement == pytest.approx(0.7)


def test_where_intervals_overlap_the_later_one_counts():
    parts = [CodedInterval(0, 0, 4), CodedInterval(1, 1, 2)]
    assert label_track(parts, [0.5, 1, 1.5, 2, 4]).tolist() == [0, 1, 1, 0, -1]


def test_nothing_to_compare():
    with pytest.raises(ValueError, match='there is no time to compare'):
        coding_agreement([], [], 2, begin=3, end=3)
    with pytest.raises(ValueError, match='a step above 0'):
        coding_agreement([], [], 2, begin=0, end=3, step=float('nan'))
    everywhere = [CodedInterval(1, 0, 3)]
    assert np.isnan(coding_agreement(everywhere, everywhere, 2, begin=0, end=3).kappa)
