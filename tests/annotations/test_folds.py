import numpy as np
import pandas as pd
import pytest

from dfew_mmaction.annotations import make_folds, write_folds
from dfew_mmaction.datasets import read_split_csv

# Single-labelled clips of the release by class, less those without enough faces.
TOTALS = [2445, 1894, 2669, 2173, 1469, 145, 902]


@pytest.fixture
def labels():
    rng = np.random.default_rng(0)
    numbers = rng.permutation(16372)[: sum(TOTALS)] + 1
    return pd.Series(np.repeat(np.arange(1, 8), TOTALS), numbers)


def test_equal_stratified_without_overlap(labels):
    folds = make_folds(labels)
    assert sorted(folds.index) == sorted(labels.index)
    sizes = folds.value_counts()
    assert set(sizes.index) == {1, 2, 3, 4, 5} and sizes.max() - sizes.min() <= 1
    counts = pd.crosstab(folds, labels.loc[folds.index])
    assert (counts.max() - counts.min() <= 1).all()


def test_seed_decides_and_order_does_not(labels):
    folds = make_folds(labels, seed=3)
    assert folds.equals(make_folds(labels.sample(frac=1, random_state=1), seed=3))
    assert not folds.equals(make_folds(labels, seed=4))


def test_groups_are_not_torn(labels):
    groups = pd.Series(labels.index // 12, labels.index)
    folds = make_folds(labels, groups=groups)
    assert (folds.groupby(groups).nunique() == 1).all()
    sizes = folds.value_counts()
    assert sizes.max() < 1.03 * sizes.min()


def test_lists_read_back(tmp_path, labels):
    labels.iloc[:5] = 0
    folds = make_folds(labels, num_folds=3)
    write_folds(tmp_path, labels, make_folds(labels, num_folds=5))
    write_folds(tmp_path, labels, folds)
    lists = tmp_path / 'EmoLabel_DataSplit'
    names = sorted(path.name for path in lists.rglob('*.csv'))
    assert names == sorted(2 * ['set_1.csv', 'set_2.csv', 'set_3.csv'])
    seen = {}
    for fold in (1, 2, 3):
        test = read_split_csv(lists / 'test(single-labeled)' / f'set_{fold}.csv')
        train = read_split_csv(lists / 'train(single-labeled)' / f'set_{fold}.csv')
        assert not test.keys() & train.keys()
        assert len(test) + len(train) == len(labels) - 5
        assert not seen.keys() & test.keys()
        seen.update(test)
    assert {clip: label + 1 for clip, label in seen.items()} == labels[
        labels > 0
    ].to_dict()


def test_what_cannot_be_dealt_out():
    labels = pd.Series([1, 1, 2], [1, 2, 3])
    with pytest.raises(ValueError, match='3 labelled clips cannot be split into 5'):
        make_folds(labels)
    with pytest.raises(ValueError, match='no class has 3 clips'):
        make_folds(labels, num_folds=3)
    with pytest.raises(ValueError, match='1 groups cannot'):
        make_folds(labels, num_folds=2, groups=pd.Series(0, labels.index))
    with pytest.raises(ValueError, match='1 clips have no group, the first is 2'):
        make_folds(labels, num_folds=2, groups=pd.Series({1: 0, 3: 1}))
    twice = pd.Series([0, 1, 0, 1], [1, 2, 3, 2])
    with pytest.raises(ValueError, match='clip 2 has more than one group'):
        make_folds(labels, num_folds=2, groups=twice)
    with pytest.raises(ValueError, match='clip 7 has more than one label'):
        make_folds(pd.Series([1, 1], [7, 7]), num_folds=2)
