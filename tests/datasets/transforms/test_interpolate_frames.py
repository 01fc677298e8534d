import numpy as np
import pytest
from mmaction.registry import TRANSFORMS

from dfew_mmaction.clips import interpolation_matrix
from dfew_mmaction.datasets import DFEWDataset, InterpolateFrames


@pytest.mark.parametrize('dtype', [np.uint8, np.float32])
@pytest.mark.parametrize('num_frames', [1, 9, 16, 40])
def test_weighted_sums_of_all_frames(num_frames, dtype):
    rng = np.random.default_rng(num_frames)
    frames = (rng.random((num_frames, 6, 5, 3)) * 255).astype(dtype)
    results = InterpolateFrames(16).transform(dict(imgs=list(frames)))
    assert results['imgs'].shape == (16, 6, 5, 3) and results['imgs'].dtype == dtype
    assert results['clip_len'] == 16 and results['num_clips'] == 1
    matrix = interpolation_matrix(num_frames, 16)
    for m in range(16):
        expected = sum(
            matrix[n, m] * frames[n].astype(float) for n in range(num_frames)
        )
        if dtype == np.uint8:
            expected = expected.clip(0, 255)
        atol = 0.51 if dtype == np.uint8 else 1e-2
        np.testing.assert_allclose(results['imgs'][m], expected, atol=atol)


def test_pipeline_of_all_frames_is_the_16_frame_folder(demo_root):
    """But for what the JPEGs lose."""
    pipeline = [
        dict(type='SampleFaceFrames', mode='all'),
        dict(type='DecodeFaceFrames'),
        dict(type='InterpolateFrames'),
        dict(type='FormatShape', input_format='NCTHW'),
        dict(type='PackActionInputs'),
    ]
    whole = DFEWDataset(demo_root, pipeline, source='frames')[0]['inputs']
    pipeline = [pipeline[0], pipeline[1], *pipeline[3:]]
    short = DFEWDataset(demo_root, pipeline, source='16f')[0]['inputs']
    assert whole.shape == short.shape == (1, 3, 16, 224, 224)
    assert (whole.float() - short.float()).abs().mean() < 3


def test_wrong_input():
    with pytest.raises(ValueError, match='at least 1, got 0'):
        TRANSFORMS.build(dict(type='InterpolateFrames', clip_len=0))
    with pytest.raises(ValueError, match='at least one input'):
        InterpolateFrames().transform(dict(imgs=np.zeros((0, 2, 2, 3), np.uint8)))
