import numpy as np
import pytest

from dfew_mmaction.synthetic.expressions import (
    ACTION_UNITS,
    CLASSES,
    apex,
    perform,
    sample_peak,
)
from dfew_mmaction.synthetic.timing import Course, blinks


def test_apex_units_are_those_of_the_literature():
    core = {
        'happy': {'au6', 'au12'},
        'sad': {'au1', 'au4', 'au15'},
        'neutral': set(),
        'angry': {'au4', 'au7', 'au23'},
        'surprise': {'au1', 'au2', 'au5', 'au26'},
        'disgust': {'au9', 'au10'},
        'fear': {'au1', 'au2', 'au4', 'au5', 'au20'},
    }
    for name in CLASSES:
        assert core[name] <= set(apex(name)), name
    assert apex('neutral') == {}
    assert 'au4' not in apex('surprise') and 'au26' not in apex('fear')
    assert apex('happy', peak=0.5)['au12'] == pytest.approx(0.5)


def test_unknown_expression_is_named():
    with pytest.raises(ValueError, match="got 'bored'"):
        apex('bored')


@pytest.mark.parametrize('name', CLASSES)
@pytest.mark.parametrize('num_frames', [1, 11, 40, 300])
def test_perform_stays_in_range(name, num_frames):
    units = perform(np.random.default_rng(3), [name], num_frames, 1.0)
    assert units.shape == (num_frames, len(ACTION_UNITS), 2)
    assert units.min() >= 0 and units.max() <= 1


def test_perform_moves_the_units_of_the_expression():
    smile = ACTION_UNITS.index('au12')
    for seed in range(20):
        happy = perform(np.random.default_rng(seed), ['happy'], 40, 0.9)[:, smile]
        neutral = perform(np.random.default_rng(seed), ['neutral'], 40, 0.9)[:, smile]
        assert happy.max() > 0.5
        assert np.ptp(happy) > 0.3  # the onset or the offset lies within the clip
        assert neutral.max() < 0.2


def test_strong_expressions_move_more_than_a_neutral_face():
    silent = [n not in ('au25', 'au26', 'au43') for n in ACTION_UNITS]

    def motion(name):
        clips = [perform(np.random.default_rng(s), [name], 24, 1.0) for s in range(20)]
        return np.mean([np.ptp(units[:, silent], axis=0).max() for units in clips])

    neutral = motion('neutral')
    for name in CLASSES:
        assert name == 'neutral' or motion(name) > 2 * neutral, name


@pytest.mark.parametrize('num_frames', [11, 25, 70, 200])
def test_course_always_shows_a_change(num_frames):
    for seed in range(100):
        rng = np.random.default_rng(seed)
        levels = Course.sample(rng, num_frames, rng.uniform(4, 26)).levels()
        assert levels.max() > 0.75, seed
        assert np.ptp(levels) > 0.4, seed


def test_surprise_comes_quicker_than_sadness():
    def onset(name, unit):
        steepest = []
        for seed in range(60):
            units = perform(np.random.default_rng(seed), [name], 80, 1.0)
            steepest.append(np.diff(units[:, ACTION_UNITS.index(unit), 0]).max())
        return np.median(steepest)

    assert onset('surprise', 'au1') > 1.4 * onset('sad', 'au1')


def test_everybody_blinks_fully():
    for seed in range(10):
        shut = blinks(np.random.default_rng(seed), 250)
        assert shut.max() > 0.9 and np.median(shut) == 0


def test_peaks_are_mostly_strong_and_sometimes_weak():
    rng = np.random.default_rng(0)
    peaks = np.array([sample_peak(rng) for _ in range(2000)])
    assert 0.4 <= peaks.min() < 0.5 and peaks.max() <= 1
    assert (peaks > 0.6).mean() > 0.75
