"""Sampling of the frames of a clip."""

import numpy as np
from mmaction.registry import TRANSFORMS
from mmcv.transforms import BaseTransform

from ...clips.sampling import MODES, choose_frames
from ...utils import DecodeError
from .steps import SAMPLE


@TRANSFORMS.register_module()
class SampleFaceFrames(BaseTransform):
    """Choose ``clip_len`` frames of a clip, in temporal order.

    A clip of exactly ``clip_len`` frames (DFEW's 16-frame folders) is not changed.
    Frames of a shorter one are repeated in place; it is never looped.
    MMAction2's ``SampleFrames`` loops short clips, and its ``UniformSample`` takes a
    frame twice and drops another where the lengths are equal.

    Required keys: ``total_frames``, ``start_index``. Added keys: ``frame_inds`` of
    shape (clip_len,), ``clip_len``, ``num_clips`` (1), ``frame_interval`` (None).

    Args:
        clip_len (int): Number of frames. Defaults to 16.
        mode (str): ``'segments'``: one frame of each of ``clip_len`` equal segments, a
            random one in training and the middle one in testing; ``'random'``: any
            frames, sorted; ``'even'``: evenly spaced, the first and the last
            included; ``'all'``: all frames, regardless of ``clip_len``, for
            ``InterpolateFrames``. Defaults to ``'segments'``.
        test_mode (bool): Whether the choice is deterministic; ``'random'`` is then
            ``'even'``. Defaults to False.
    """

    step = SAMPLE

    def __init__(
        self, clip_len: int = 16, mode: str = 'segments', test_mode: bool = False
    ) -> None:
        if mode not in MODES:
            raise ValueError(f'mode must be one of {MODES}, got {mode!r}')
        if clip_len < 1:
            raise ValueError(f'clip_len must be at least 1, got {clip_len}')
        self.clip_len, self.mode, self.test_mode = clip_len, mode, test_mode

    def sample(self, num_frames: int) -> np.ndarray:
        """Indices of the chosen frames.

        Args:
            num_frames (int): Frames of the clip, at least 1.

        Returns:
            np.ndarray: int64 of shape (clip_len,), with ``'all'`` (num_frames,), not
            decreasing, from 0.
        """
        return choose_frames(num_frames, self.clip_len, self.mode, self.test_mode)

    def transform(self, results: dict) -> dict:
        """Add the indices, see the class."""
        if results['total_frames'] < 1:
            raise DecodeError('it has no frame')
        chosen = self.sample(results['total_frames'])
        results['frame_inds'] = chosen + results.get('start_index', 0)
        results['clip_len'] = len(chosen)
        results['num_clips'] = 1
        results['frame_interval'] = None
        return results

    def __repr__(self) -> str:
        return (
            f'{type(self).__name__}(clip_len={self.clip_len}, mode={self.mode!r}, '
            f'test_mode={self.test_mode})'
        )
