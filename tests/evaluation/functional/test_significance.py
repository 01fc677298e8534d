from math import comb

import numpy as np
import pytest

from dfew_mmaction.evaluation.functional import (
    bootstrap_scores,
    holm,
    interval,
    mcnemar,
)


@pytest.mark.parametrize('only_first, only_second', [(0, 0), (9, 1), (3, 12), (40, 41)])
def test_mcnemar_against_the_binomial_sum(only_first, only_second):
    first = np.array([1] * only_first + [0] * only_second + [1] * 30 + [0] * 20)
    second = np.array([0] * only_first + [1] * only_second + [1] * 30 + [0] * 20)
    got = mcnemar(first, second)
    n, low = only_first + only_second, min(only_first, only_second)
    tail = 2 * sum(comb(n, k) for k in range(low + 1)) / 2**n
    assert (got.only_first, got.only_second) == (only_first, only_second)
    assert got.p_value == pytest.approx(min(tail, 1))


def test_mcnemar_refuses_other_lengths():
    with pytest.raises(ValueError, match='shape'):
        mcnemar([1, 0], [1])


def test_bootstrap_agrees_with_plain_resampling():
    rng = np.random.default_rng(1)
    labels = np.repeat([0, 1, 2], [60, 30, 10])
    correct = rng.random(100) < np.array([0.8, 0.5, 0.3])[labels]
    draws = bootstrap_scores(correct, labels, draws=4000)
    uar, war = [], []
    for _ in range(4000):
        recalls, hits = [], 0
        for label in range(3):
            mine = correct[labels == label]
            again = rng.choice(mine, len(mine))
            recalls.append(again.mean())
            hits += again.sum()
        uar.append(np.mean(recalls))
        war.append(hits / 100)
    for metric, plain in (('UAR', uar), ('WAR', war)):
        assert draws[metric].mean() == pytest.approx(np.mean(plain), abs=0.004)
        assert draws[metric].std() == pytest.approx(np.std(plain), rel=0.06)


def test_bootstrap_of_seeds_is_wider_and_centred_on_their_mean():
    labels = np.repeat([0, 1], 200)
    bad, good = np.arange(400) % 2 == 0, np.arange(400) % 4 > 0
    one = bootstrap_scores(good, labels)['WAR']
    two = bootstrap_scores(np.stack([bad, good]), labels)['WAR']
    assert two.mean() == pytest.approx((0.5 + 0.75) / 2, abs=0.01)
    assert two.std() > 2 * one.std()


def test_paired_draws_are_the_same_for_both():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 7, 500)
    first, second = rng.random(500) < 0.5, rng.random(500) < 0.6
    same = (
        bootstrap_scores(first, labels)['UAR'] - bootstrap_scores(first, labels)['UAR']
    )
    assert not same.any()
    low, high = interval(
        bootstrap_scores(second, labels)['UAR'] - bootstrap_scores(first, labels)['UAR']
    )
    assert 0 < low < 0.1 < high


def test_bootstrap_refuses_shapes_that_do_not_fit():
    with pytest.raises(ValueError, match='shape'):
        bootstrap_scores(np.ones((2, 5)), [0, 1])


def test_holm():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == pytest.approx([1, 1])
