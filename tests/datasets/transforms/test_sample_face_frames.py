import itertools

import numpy as np
import pytest

from dfew_mmaction.datasets import SampleFaceFrames
from dfew_mmaction.utils import DecodeError

LENGTHS = [1, 2, 5, 15, 16, 17, 31, 40, 847]


@pytest.mark.parametrize(
    'mode, test_mode, n',
    itertools.product(['segments', 'random', 'even'], [False, True], LENGTHS),
)
def test_in_range_and_in_order(mode, test_mode, n):
    indices = SampleFaceFrames(16, mode, test_mode).sample(n)
    assert indices.shape == (16,)
    assert indices.min() >= 0 and indices.max() < n
    assert (np.diff(indices) >= 0).all()
    if n == 16:
        assert indices.tolist() == list(range(16))
    if n < 16:
        assert set(indices.tolist()) == set(range(n))
    else:
        assert len(set(indices.tolist())) == 16


def test_segments_stay_in_their_segment():
    sample = SampleFaceFrames(4, 'segments')
    drawn = np.array([sample.sample(20) for _ in range(200)])
    for i in range(4):
        assert set(drawn[:, i].tolist()) == set(range(5 * i, 5 * i + 5))
    middle = SampleFaceFrames(4, 'segments', test_mode=True).sample(20)
    assert middle.tolist() == [2, 7, 12, 17]


def test_even_holds_both_ends():
    assert SampleFaceFrames(4, 'even').sample(10).tolist() == [0, 3, 6, 9]


def test_testing_draws_nothing():
    for mode in ('segments', 'random', 'even'):
        sample = SampleFaceFrames(16, mode, test_mode=True)
        assert sample.sample(300).tolist() == sample.sample(300).tolist()


def test_keys_for_the_transforms_after_it():
    out = SampleFaceFrames(16, test_mode=True)(dict(total_frames=16, start_index=1))
    assert out['frame_inds'].tolist() == list(range(1, 17))
    assert (out['clip_len'], out['num_clips']) == (16, 1)


def test_video_without_frames_is_an_error():
    with pytest.raises(DecodeError, match='no frame'):
        SampleFaceFrames()(dict(total_frames=0))


@pytest.mark.parametrize('wrong', [dict(mode='dense'), dict(clip_len=0)])
def test_wrong_arguments(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        SampleFaceFrames(**wrong)
