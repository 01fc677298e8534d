from collections import Counter

import numpy as np
import pytest

from dfew_mmaction.synthetic.expressions import CLASSES
from dfew_mmaction.synthetic.plan import (
    DFEW_SHARES,
    class_counts,
    plan_clips,
    sample_lengths,
    sample_votes,
)

DEFAULTS = dict(
    num_clips=70, num_identities=20, seed=0, folds=5, imbalance='none',
    min_frames=11, max_frames=300, unlabelled=0.1,
)  # fmt: skip


def plan(**changes):
    return plan_clips(**{**DEFAULTS, **changes})


def test_class_counts():
    assert class_counts(70, 'none') == [10] * 7
    assert class_counts(sum(DFEW_SHARES), 'dfew') == list(DFEW_SHARES)
    assert sum(class_counts(701, 'dfew')) == 701
    assert min(class_counts(7, 'dfew')) == 1
    assert sum(class_counts(3, 'none')) == 3
    assert class_counts(70, 'neutral') == [1, 1, 64, 1, 1, 1, 1]


def test_numbers_rise_with_gaps_and_counts_fit():
    clips = plan(num_clips=200)
    numbers = [clip.number for clip in clips]
    steps = np.diff(numbers)
    assert numbers[0] >= 1 and steps.min() == 1 and steps.max() > 1
    listed = [clip for clip in clips if clip.fold is not None]
    assert len(listed) == 200
    assert sum(clip.label == 0 for clip in clips) == 20
    assert sum(not clip.has_faces for clip in clips) == 6
    assert all(clip.label > 0 and clip.has_faces for clip in listed)


@pytest.mark.parametrize('num_clips', [70, 111, 700])
@pytest.mark.parametrize('seed', [0, 1, 2])
def test_folds_are_even_and_people_stay_in_one(num_clips, seed):
    clips = [c for c in plan(num_clips=num_clips, seed=seed) if c.fold is not None]
    per_fold = Counter(clip.fold for clip in clips)
    assert max(per_fold.values()) - min(per_fold.values()) <= 1
    cells = Counter((clip.fold, clip.label) for clip in clips)
    for label in range(1, 8):
        counts = [cells[fold, label] for fold in range(1, 6)]
        assert min(counts) >= 1 and max(counts) - min(counts) <= 1
    homes = {}
    for clip in clips:
        assert homes.setdefault(clip.identity, clip.fold) == clip.fold


def test_people_play_many_classes():
    clips = [c for c in plan(num_clips=700, num_identities=50) if c.fold]
    for identity in range(50):
        labels = {clip.label for clip in clips if clip.identity == identity}
        assert len(labels) == 7


def test_lengths():
    rng = np.random.default_rng(0)
    lengths = np.array(sample_lengths(rng, 2000, 11, 300))
    assert lengths.min() == 11 and lengths.max() == 300
    assert 36 <= np.median(lengths) <= 44
    short = np.array(sample_lengths(rng, 2000, 11, 64))
    assert short.min() == 11 and short.max() == 64
    assert (short == 64).mean() < 0.05
    assert set(sample_lengths(rng, 9, 16, 16)) == {16}


def test_length_says_nothing_about_the_label():
    clips = plan(num_clips=3500)
    lengths = {
        name: [np.log(c.num_frames) for c in clips if c.expressions == (name,)]
        for name in CLASSES
    }
    means = [np.mean(values) for values in lengths.values()]
    assert np.ptp(means) < 0.2  # one deviation is 0.75


def test_votes():
    rng = np.random.default_rng(0)
    for name in CLASSES:
        index = CLASSES.index(name)
        weak = [sample_votes(rng, (name,), 0.4)[index] for _ in range(200)]
        strong = [sample_votes(rng, (name,), 1.0)[index] for _ in range(200)]
        assert min(weak) == 6 and max(strong) == 10
        assert np.mean(strong) > np.mean(weak) + 1
    for _ in range(100):
        votes = sample_votes(rng, ('sad', 'fear'), 0.8)
        assert sum(votes) == 10 and max(votes) <= 5
        assert min(votes[1], votes[6]) >= max(np.delete(votes, [1, 6]))
