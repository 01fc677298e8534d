import numpy as np
import pytest

from dfew_mmaction.clips import bring_to_length, choose_frames
from dfew_mmaction.clips.interpolation import interpolate_frames


def test_modes():
    assert choose_frames(16, 16).tolist() == list(range(16))
    assert choose_frames(9, 3).tolist() == [1, 4, 7]
    assert choose_frames(9, 3, 'even').tolist() == [0, 4, 8]
    assert choose_frames(1, 3, 'even').tolist() == [0, 0, 0]
    assert choose_frames(5, 3, 'all').tolist() == [0, 1, 2, 3, 4]
    assert choose_frames(9, 3, 'random').tolist() == [0, 4, 8]


@pytest.mark.parametrize('length', [1, 15, 16, 40])
def test_interpolation_or_choice(length):
    clip = np.random.default_rng(0).integers(0, 256, (length, 4, 5, 3), np.uint8)
    ours = bring_to_length(clip, 16, 'interpolate')
    assert (ours == interpolate_frames(clip, 16)).all()
    chosen = bring_to_length(clip, 16, 'segments')
    assert (chosen == clip[choose_frames(length, 16)]).all() and len(chosen) == 16
