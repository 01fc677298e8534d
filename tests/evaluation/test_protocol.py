import numpy as np
import pytest
from sklearn.metrics import accuracy_score, balanced_accuracy_score

from dfew_mmaction.evaluation.functional import write_predictions
from dfew_mmaction.evaluation.protocol import pool_folds

CLASSES = ('a', 'b', 'c')
# Labels by clip number and fold.
LISTED = {1: {3: 0, 9: 1, 20: 2}, 2: {1: 0, 4: 0, 7: 1, 8: 2}}


@pytest.fixture
def files(tmp_path):
    """Predictions of both folds that fit the lists."""
    rng = np.random.default_rng(0)
    paths = {}
    for fold, listed in LISTED.items():
        paths[fold] = tmp_path / f'fd{fold}.csv'
        ids = [f'{number:05d}' for number in listed]
        scores = rng.random((len(ids), 3))
        write_predictions(paths[fold], ids, list(listed.values()), scores, CLASSES)
    return paths


def test_pooled_scores_against_scikit_learn(files):
    pooled = pool_folds(files, LISTED)
    assert pooled.video_ids.tolist() == sorted(
        f'{number:05d}' for listed in LISTED.values() for number in listed
    )
    predicted = pooled.scores.argmax(axis=1)
    got = pooled.score()
    assert got['WAR'] == pytest.approx(accuracy_score(pooled.labels, predicted))
    assert got['UAR'] == pytest.approx(
        balanced_accuracy_score(pooled.labels, predicted)
    )
    assert pooled.folds.tolist() == [2, 1, 2, 2, 2, 1, 1]
    mine = pooled.folds == 2
    assert pooled.score_of_fold(2)['WAR'] == pooled.correct[mine].mean()


def edit(path, change):
    path.write_text(change(path.read_text()))


def test_missing_clip_is_named(files):
    edit(files[2], lambda text: '\n'.join(text.splitlines()[:-1]) + '\n')
    with pytest.raises(ValueError, match=r'fd2.csv lacks clips .* fold 2: 00008'):
        pool_folds(files, LISTED)


def test_clip_of_another_fold_is_named(files):
    edit(files[1], lambda text: text.replace('00003', '00004'))
    with pytest.raises(ValueError, match='lacks clips .* 00003'):
        pool_folds(files, LISTED)
    edit(files[1], lambda text: text + text.splitlines()[1].replace('00004', '00003'))
    with pytest.raises(ValueError, match='has clips that are not in .* fold 1: 00004'):
        pool_folds(files, LISTED)


def test_double_clip_is_named(files):
    edit(files[1], lambda text: text + text.splitlines()[2] + '\n')
    with pytest.raises(ValueError, match='clip 00009 is listed again'):
        pool_folds(files, LISTED)


def test_clip_in_two_test_parts_is_named(files):
    listed = {1: LISTED[1], 2: {**LISTED[2], 9: 1}}
    with pytest.raises(
        ValueError, match='clip 00009 is in the test parts of .* 1 and 2'
    ):
        pool_folds(files, listed)


def test_other_label_and_other_classes_are_refused(files, tmp_path):
    with pytest.raises(ValueError, match='clip 00009 has label 1, .* it is 2'):
        pool_folds(files, {**LISTED, 1: {3: 0, 9: 2, 20: 2}})
    write_predictions(
        files[2], ['00001'], [0], np.ones((1, 2)), ('b', 'a')
    )  # another order
    with pytest.raises(ValueError, match=r"the classes are \('b', 'a'\)"):
        pool_folds(files, LISTED)
