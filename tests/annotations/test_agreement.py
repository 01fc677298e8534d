import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.inter_rater import fleiss_kappa as statsmodels_kappa

from dfew_mmaction.annotations import (
    category_kappa,
    cooccurrence,
    fleiss_kappa,
    interpret_kappa,
)

# Ten subjects, fourteen raters, five categories: the worked example of the
# encyclopaedias, kappa 0.210.
TEXTBOOK = [
    [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0],
    [2, 2, 8, 1, 1], [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2],
    [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
]  # fmt: skip


def drawn(seed, rows=60, raters=10, categories=7):
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet(np.full(categories, 0.4), rows)
    return np.stack([rng.multinomial(raters, share) for share in shares])


def test_textbook():
    assert fleiss_kappa(TEXTBOOK) == pytest.approx(0.210, abs=5e-4)


@pytest.mark.parametrize('seed', range(5))
def test_same_as_statsmodels(seed):
    votes = drawn(seed)
    assert fleiss_kappa(votes) == pytest.approx(statsmodels_kappa(votes), abs=1e-12)


def test_agreement_by_counting_pairs():
    votes = drawn(9, rows=8, raters=4, categories=3)
    agreeing = pairs = 0
    for row in votes:
        raters = [c for c, count in enumerate(row) for _ in range(count)]
        for i, one in enumerate(raters):
            for j, other in enumerate(raters):
                pairs += i != j
                agreeing += i != j and one == other
    chance = sum((votes[:, c].sum() / votes.sum()) ** 2 for c in range(3))
    expected = (agreeing / pairs - chance) / (1 - chance)
    assert fleiss_kappa(votes) == pytest.approx(expected, abs=1e-12)


def test_perfect_and_without_meaning():
    assert fleiss_kappa([[10, 0], [0, 10]]) == 1
    assert np.isnan(fleiss_kappa([[10, 0], [10, 0]]))


@pytest.mark.parametrize(
    'votes, says',
    [
        ([[5, 5], [4, 5]], 'subject 0 has 10, subject 1 has 9'),
        ([[1, 0], [0, 1]], 'at least two'),
        ([[-1, 3]], 'whole numbers'),
        ([[0.5, 1.5]], 'whole numbers'),
        ([1, 2], r'\(subjects, categories\)'),
    ],
)
def test_what_are_no_votes(votes, says):
    with pytest.raises(ValueError, match=says):
        fleiss_kappa(votes)


def test_categories_average_to_the_whole():
    votes = pd.DataFrame(drawn(3), columns=list('abcdefg'))
    kappas = category_kappa(votes)
    shares = votes.sum() / votes.to_numpy().sum()
    weights = shares * (1 - shares)
    mean = sum(weights[c] * kappas[c] for c in kappas) / weights.sum()
    assert mean == pytest.approx(fleiss_kappa(votes), abs=1e-12)
    assert kappas['c'] == pytest.approx(
        statsmodels_kappa(np.stack([votes['c'], 10 - votes['c']], axis=1))
    )


def test_cooccurrence_by_counting_pairs():
    votes = pd.DataFrame(drawn(4, rows=9, raters=5, categories=3), columns=list('abc'))
    together = np.zeros((3, 3))
    for row in votes.to_numpy():
        raters = [c for c, count in enumerate(row) for _ in range(count)]
        for i, one in enumerate(raters):
            for j, other in enumerate(raters):
                together[one, other] += i != j
    expected = together / together.sum(axis=1, keepdims=True)
    assert cooccurrence(votes).to_numpy() == pytest.approx(expected)
    assert cooccurrence(votes.assign(d=0)).loc['d'].isna().all()


@pytest.mark.parametrize(
    'kappa, words',
    [(-0.2, 'poor'), (0, 'slight'), (0.2, 'slight'), (0.205, 'fair'),
     (0.41, 'moderate'), (0.63, 'substantial'), (0.70, 'substantial'),
     (0.81, 'almost perfect'),
     (1, 'almost perfect')],
)  # fmt: skip
def test_words_of_table_3(kappa, words):
    assert interpret_kappa(kappa) == words


def test_no_kappa():
    with pytest.raises(ValueError, match='1.2'):
        interpret_kappa(1.2)
