"""MMAction2 on numpy 2."""

import cv2
import numpy as np
import pytest

import dfew_mmaction  # noqa: F401


def test_names_that_numpy_2_removed():
    assert np.Inf == np.inf and np.isnan(np.NAN)
    assert np.in1d([1, 2, 3], [2, 5]).tolist() == [False, True, False]
    assert np.trapz([0.0, 1.0, 1.0], [0.0, 1.0, 3.0]) == 2.5


@pytest.mark.parametrize('factor', [-0.5, -0.1, 0.05, 0.2])
def test_hues_are_shifted_both_ways(factor):
    """The oracle computes the hue of each pixel in plain integers."""
    from mmaction.datasets.transforms.processing import ColorJitter

    rgb = np.random.default_rng(0).integers(0, 256, (7, 9, 3)).astype(np.uint8)
    hsv = cv2.cvtColor(rgb, cv2.COLOR_RGB2HSV)
    for row in hsv:
        for pixel in row:
            pixel[0] = (int(pixel[0]) + int(factor * 255)) % 180
    expected = cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)
    shifted = ColorJitter.adjust_hue(rgb.astype(np.float32), factor)
    assert shifted.dtype == np.float32 and (shifted == expected).all()


def test_color_jitter_at_its_default_setting():
    from mmaction.registry import TRANSFORMS

    jitter = TRANSFORMS.build(dict(type='mmaction.ColorJitter'))
    frames = [np.full((4, 4, 3), 90, np.uint8)] * 2
    for seed in range(20):  # about half of the hues are negative
        np.random.seed(seed)
        assert len(jitter.transform(dict(imgs=frames))['imgs']) == 2
