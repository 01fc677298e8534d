"""Temporal interpolation in a pipeline."""

import numpy as np
from mmaction.registry import TRANSFORMS
from mmcv.transforms import BaseTransform

from ...clips.interpolation import interpolate_frames
from .steps import SAMPLE


@TRANSFORMS.register_module()
class InterpolateFrames(BaseTransform):
    """Interpolate all decoded frames of a clip to ``clip_len`` frames.

    The 16-frame folders of the release were made from its aligned frames in this way
    (section 4.1 of the paper). It needs all frames, by
    ``SampleFaceFrames(mode='all')``.

    Required key: ``imgs``, shape (N, H, W, C) or a list of (H, W, C). Changed keys:
    ``imgs``, shape (clip_len, H, W, C) of the same dtype, ``clip_len``, ``num_clips``
    (1).

    Args:
        clip_len (int): Number of output frames. Defaults to 16.

    Raises:
        ValueError: If the clip has no frame, or its frames differ in size.
    """

    step = SAMPLE

    def __init__(self, clip_len: int = 16) -> None:
        if clip_len < 1:
            raise ValueError(f'clip_len must be at least 1, got {clip_len}')
        self.clip_len = clip_len

    def transform(self, results: dict) -> dict:
        """Interpolate, see the class."""
        frames = results['imgs']
        if not isinstance(frames, np.ndarray):
            frames = np.stack(frames)
        results['imgs'] = interpolate_frames(frames, self.clip_len)
        results['clip_len'] = self.clip_len
        results['num_clips'] = 1
        return results

    def __repr__(self) -> str:
        return f'{type(self).__name__}(clip_len={self.clip_len})'
