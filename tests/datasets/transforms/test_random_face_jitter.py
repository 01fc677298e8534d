import numpy as np
import pytest

from dfew_mmaction.datasets.transforms import RandomFaceJitter


def clip(count=4, size=64):
    """A bright square that moves by a pixel a frame."""
    frames = np.zeros((count, size, size, 3), np.uint8)
    for index, frame in enumerate(frames):
        frame[24:40, 20 + index : 36 + index] = 200
    return frames


def middle(frame):
    rows, columns = np.nonzero(frame[..., 0] > 100)
    return np.array([columns.mean(), rows.mean()])


def test_all_frames_of_a_clip_move_alike():
    np.random.seed(0)
    before = clip()
    after = RandomFaceJitter()(dict(imgs=before.copy()))['imgs']
    assert after.shape == before.shape and after.dtype == np.uint8
    assert not np.array_equal(after, before)
    steps = np.diff([middle(frame) for frame in after], axis=0)
    np.testing.assert_allclose(
        steps, np.broadcast_to(steps.mean(axis=0), (3, 2)), atol=0.3
    )
    assert 0.85 < np.linalg.norm(steps.mean(axis=0)) < 1.15


def test_it_is_a_similarity_within_the_limits():
    jitter = RandomFaceJitter(shift=0.1, scale=0.25, rotation=10)
    np.random.seed(1)
    drawn = np.concatenate([jitter.draw(1, 100, 60) for _ in range(2000)])
    scales = np.hypot(drawn[:, 0, 0], drawn[:, 1, 0])
    np.testing.assert_allclose(drawn[:, 0, 0], drawn[:, 1, 1])
    np.testing.assert_allclose(drawn[:, 0, 1], -drawn[:, 1, 0])
    assert 0.8 <= scales.min() < 0.81 and 1.24 < scales.max() <= 1.25
    assert np.median(scales) == pytest.approx(1, abs=0.02)  # uniform in its logarithm
    angles = np.degrees(np.arctan2(drawn[:, 1, 0], drawn[:, 0, 0]))
    assert 9.8 < np.abs(angles).max() <= 10
    shifts = drawn @ [49.5, 29.5, 1] - [49.5, 29.5]
    assert np.all(np.abs(shifts) <= [10 + 1e-6, 6 + 1e-6])
    assert np.abs(shifts).max(axis=0) == pytest.approx([10, 6], rel=0.02)


def test_drift_is_gradual_and_limited():
    """The steps from frame to frame are small, the differences in the clip are not."""
    jitter = RandomFaceJitter(shift=0.1, scale=0, rotation=0, drift=0.5)
    np.random.seed(0)
    moved = np.stack([jitter.draw(16, 64, 64)[:, 0, 2] for _ in range(500)])
    least, most = moved.min(axis=1), moved.max(axis=1)
    assert 0.9 * 6.4 < (most - least).max() <= 6.4 + 1e-6  # 2 * 0.5 * 0.1 * 64
    assert np.abs(np.diff(moved, axis=1)).max() <= 6.4 / 4 + 1e-6
    assert np.abs(moved).max() <= 1.5 * 6.4 + 1e-6
    assert np.abs(moved.mean(axis=0)).max() < 0.5
    frames = clip(16)
    after = jitter(dict(imgs=frames))['imgs']
    steps = np.diff([middle(frame)[0] for frame in after])
    assert after.shape == frames.shape and np.ptp(steps) > 0.5


def test_lists_and_edges():
    jitter = RandomFaceJitter(shift=0.2)
    frames = [np.full((32, 48, 3), 120, np.uint8)] * 2
    moved = jitter(dict(imgs=frames))['imgs']
    assert isinstance(moved, list)
    assert all((frame == 120).all() for frame in moved)  # the edge is repeated


def test_some_clips_stay_as_they_are():
    frames = clip()
    assert RandomFaceJitter(prob=0)(dict(imgs=frames))['imgs'] is frames


@pytest.mark.parametrize(
    'option',
    [
        dict(shift=-1), dict(scale=float('nan')), dict(rotation=181), dict(prob=2),
        dict(drift=1.1),
    ],
)  # fmt: skip
def test_options_out_of_range(option):
    with pytest.raises(ValueError, match=f'{next(iter(option))} must be from 0 to'):
        RandomFaceJitter(**option)
