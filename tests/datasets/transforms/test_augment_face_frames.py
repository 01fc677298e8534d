"""Strong augmentation of aligned faces."""

import numpy as np
import pytest

from dfew_mmaction.datasets.transforms import AugmentFaceFrames

NOTHING = dict(
    zoom=(1, 1), shift=0, turn=0, stretch=0, grey=0, low_resolution=0, blur=0, noise=0,
    cover=0, light=0,
)  # fmt: skip


def clip(count=3, size=32):
    rng = np.random.default_rng(0)
    return list(rng.integers(0, 256, (count, size, size, 3), np.uint8))


def augmented(seed=0, size=32, **options):
    np.random.seed(seed)
    frames = clip()
    return AugmentFaceFrames(size, **options)({'imgs': frames}), frames


def test_without_any_change():
    result, frames = augmented(**NOTHING)
    assert np.array_equal(result['imgs'], np.stack(frames))


def test_shape_and_chance():
    first, _ = augmented(1, 24)
    again, _ = augmented(1, 24)
    other, _ = augmented(2, 24)
    assert first['imgs'].shape == (3, 24, 24, 3) and first['imgs'].dtype == np.uint8
    assert first['img_shape'] == (24, 24)
    assert np.array_equal(first['imgs'], again['imgs'])
    assert not np.array_equal(first['imgs'], other['imgs'])


def test_grey():
    frames = augmented(**{**NOTHING, 'grey': 1})[0]['imgs']
    assert np.array_equal(frames[..., 0], frames[..., 1])
    assert np.array_equal(frames[..., 0], frames[..., 2])


@pytest.mark.parametrize(
    'change',
    [dict(shift=0.2), dict(turn=20), dict(zoom=(2, 2)), dict(light=1), dict(cover=1),
     dict(low_resolution=1, smallest=8), dict(blur=1), dict(stretch=0.5),
     dict(local_contrast=1)],
)  # fmt: skip
def test_frames_are_treated_alike(change):
    transform = AugmentFaceFrames(32, **{**NOTHING, **change})
    np.random.seed(5)
    still = clip(1) * 3
    frames = transform({'imgs': still})['imgs']
    assert np.array_equal(frames[0], frames[1])
    assert np.array_equal(frames[0], frames[2])
    assert not np.array_equal(frames[0], still[0])


def test_local_contrast_reduces_shadows():
    frames = np.stack(clip()) // 4
    frames[:, :, 16:] += 150
    frames[:, :, :16] //= 2

    def halves(images):
        return images[:, :, :12], images[:, :, 20:]

    dark, bright = halves(frames)
    for seed in range(20):
        np.random.seed(seed)
        transform = AugmentFaceFrames(32, **{**NOTHING, 'local_contrast': 1})
        low, high = halves(transform({'imgs': list(frames)})['imgs'].astype(float))
        assert 0 <= high.mean() - low.mean() < 0.85 * (bright.mean() - dark.mean())
        assert high.std() / low.std() < bright.std() / dark.std()


def test_noise_differs_between_frames():
    np.random.seed(5)
    transform = AugmentFaceFrames(32, **{**NOTHING, 'noise': 1})
    frames = transform({'imgs': clip(1) * 2})['imgs']
    assert not np.array_equal(frames[0], frames[1])


def test_options():
    with pytest.raises(ValueError, match='size and smallest .* got 0 and 24'):
        AugmentFaceFrames(0)
    with pytest.raises(ValueError, match=r'got \(2, 1\)'):
        AugmentFaceFrames(8, zoom=(2, 1))
