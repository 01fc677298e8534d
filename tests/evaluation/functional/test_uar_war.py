import numpy as np
import pytest
from sklearn import metrics

from dfew_mmaction.evaluation import confusion_matrix, uar_war
from dfew_mmaction.evaluation.functional import check_published_scores

TOTALS = [2445, 1894, 2669, 2173, 1469, 145, 902]
# Tables 4 and 6 of the paper: recalls in percent, UAR, WAR.
TABLES = {
    'C3D': (75.17, 39.49, 55.11, 62.49, 45.00, 1.38, 20.51, 42.74, 53.54),
    'P3D': (74.85, 43.40, 54.18, 60.42, 50.99, 0.69, 23.28, 43.97, 54.47),
    'R3D18': (79.67, 39.07, 57.66, 50.39, 48.26, 3.45, 21.06, 42.79, 53.22),
    '3D Resnet18': (73.13, 48.26, 50.51, 64.75, 50.10, 0.00, 26.39, 44.73, 54.98),
    'I3D-RGB': (78.61, 44.19, 56.69, 55.87, 45.88, 2.07, 20.51, 43.40, 54.27),
    'VGG11+LSTM': (76.89, 37.65, 58.04, 60.70, 43.70, 0.00, 19.73, 42.39, 53.70),
    'Resnet18+LSTM': (78.00, 40.65, 53.77, 56.83, 45.00, 4.14, 21.62, 42.86, 53.08),
    'C3D, center': (75.62, 44.67, 54.18, 63.14, 42.21, 2.07, 22.17, 43.44, 54.17),
    'C3D, EC-STFL': (75.87, 49.26, 54.81, 61.53, 45.95, 3.45, 24.83, 45.10, 55.50),
    'Resnet, center': (78.49, 44.30, 54.89, 58.40, 52.35, 0.69, 25.28, 44.91, 55.48),
    'Resnet, EC-STFL': (79.18, 49.05, 57.85, 60.98, 46.15, 2.76, 21.51, 45.35, 56.51),
}


@pytest.mark.parametrize('row', list(TABLES))
def test_audit_finds_the_paper_consistent(row):
    *recalls, uar, war = TABLES[row]
    audit = check_published_scores(recalls, TOTALS, uar, war)
    assert audit['UAR'] == pytest.approx(uar, abs=0.01)
    assert audit['WAR'] == pytest.approx(war, abs=0.01)
    assert audit['uar_follows'] and audit['war_follows']
    assert all(audit['recalls_possible'])


def test_audit_finds_what_does_not_follow():
    *recalls, uar, war = TABLES['C3D']
    audit = check_published_scores(recalls, TOTALS, uar + 0.1, war)
    assert not audit['uar_follows'] and audit['war_follows']
    assert audit['UAR'] == pytest.approx(uar, abs=0.01)
    # Of 145 clips none is 1.00 %: two are 1.38 %, one is 0.69 %.
    recalls[5] = 1.00
    assert (
        check_published_scores(recalls, TOTALS, uar, war)['recalls_possible'][5]
        is False
    )


@pytest.mark.parametrize('row', ['C3D', 'C3D, EC-STFL'])
def test_tables_come_back_from_predictions(row):
    *recalls, uar, war = TABLES[row]
    target, pred = [], []
    for label, (recall, total) in enumerate(zip(recalls, TOTALS)):
        hits = round(recall / 100 * total)
        target += [label] * total
        pred += [label] * hits + [(label + 1) % 7] * (total - hits)
    got = uar_war(pred, target)
    assert 100 * got['UAR'] == pytest.approx(uar, abs=0.01)
    assert 100 * got['WAR'] == pytest.approx(war, abs=0.01)
    for label, recall in enumerate(recalls):
        assert 100 * got[f'recall_{label}'] == pytest.approx(recall, abs=0.005)


@pytest.mark.parametrize('seed', range(5))
def test_agrees_with_scikit_learn(seed):
    rng = np.random.default_rng(seed)
    scores, target = rng.random((60, 7)), rng.integers(0, 7, 60)
    pred = scores.argmax(axis=1)
    got = uar_war(scores, target)
    assert got == uar_war(pred, target)
    assert got['WAR'] == pytest.approx(metrics.accuracy_score(target, pred))
    assert got['UAR'] == pytest.approx(metrics.balanced_accuracy_score(target, pred))
    np.testing.assert_array_equal(
        confusion_matrix(pred, target), metrics.confusion_matrix(target, pred)
    )


def test_absent_class_is_left_out_and_named():
    classes = ('happy', 'sad', 'fear')
    with pytest.warns(UserWarning, match='no sample of the classes fear'):
        got = uar_war([0, 2, 1, 1], [0, 0, 1, 1], 3, classes=classes)
    assert (got['UAR'], got['WAR']) == (0.75, 0.75)
    assert np.isnan(got['recall_fear'])


@pytest.mark.parametrize(
    'pred, target, message',
    [
        ([], [], 'no sample'),
        ([0, 1], [0], r'\(2,\) and \(1,\)'),
        ([0, 7], [0, 1], 'pred: labels go from 0 to 6, and sample 1 has 7'),
        ([0, 1], [1, -1], 'target: labels go from 0 to 6, and sample 1 has -1'),
        ([0.5, 1], [1, 1], 'pred: labels go from 0 to 6, and sample 0 has 0.5'),
        (np.ones((2, 8)), [0, 1], 'scores of 8 classes, expected 7'),
        (np.full((2, 7), np.nan), [0, 1], '2 of 2 clips are not finite'),
    ],
)
def test_malformed_input_is_refused(pred, target, message):
    with pytest.raises(ValueError, match=message):
        uar_war(pred, target)


def test_names_have_to_fit():
    with pytest.raises(ValueError, match='2 names for 7 classes'):
        uar_war([0], [0], classes=('a', 'b'))


@pytest.mark.parametrize('recalls, totals', [([50], [0]), ([150], [2]), ([50], [1, 2])])
def test_malformed_tables_are_refused(recalls, totals):
    with pytest.raises(ValueError, match='recalls'):
        check_published_scores(recalls, totals, 50, 50)
