"""The test pipeline of a config, for clips on disk and for clips in memory."""

from typing import Any, Callable, List, Tuple

import numpy as np
from mmaction.registry import TRANSFORMS
from mmengine.config import ConfigDict

#: Transforms that read, without resizing; clips in memory need none of them.
READERS = (
    'OpenFaceVideo', 'DecordInit', 'DecordDecode', 'PyAVInit', 'PyAVDecode',
    'OpenCVInit', 'OpenCVDecode', 'RawFrameDecode',
)  # fmt: skip
SAMPLERS = ('SampleFaceFrames', 'InterpolateFrames')
FOREIGN_SAMPLERS = (
    'SampleFrames', 'UniformSample', 'UniformSampleFrames', 'DenseSampleFrames',
)  # fmt: skip


def test_pipeline(cfg: ConfigDict) -> List[dict]:
    """The transforms that clips go through when they are scored.

    Raises:
        ValueError: If the config has no test pipeline.
    """
    dataset = (cfg.get('test_dataloader') or {}).get('dataset') or {}
    while 'pipeline' not in dataset and 'dataset' in dataset:  # wrappers
        dataset = dataset['dataset']
    pipeline = dataset.get('pipeline') or cfg.get('test_pipeline')
    if not pipeline:
        raise ValueError(
            'the config has no pipeline to prepare clips by: expected '
            '`test_dataloader.dataset.pipeline` or `test_pipeline`'
        )
    return list(pipeline)


def source_of(cfg: ConfigDict) -> str:
    """Variant of the frames that the config tests on; empty where it does not say."""
    dataset = (cfg.get('test_dataloader') or {}).get('dataset') or {}
    return str(dataset.get('source') or cfg.get('source') or '')


def sampling_of(cfg: ConfigDict) -> Tuple[int, str]:
    """How many frames the network takes, and how clips are brought to them.

    Returns:
        tuple[int, str]: See :class:`.ClipClassifier`.

    Raises:
        ValueError: If the pipeline chooses frames in a way that windows of a film
            cannot be given.
    """
    steps = {step['type']: step for step in test_pipeline(cfg)}
    if 'InterpolateFrames' in steps:
        return int(steps['InterpolateFrames'].get('clip_len', 16)), 'interpolate'
    if 'SampleFaceFrames' not in steps:
        found = ', '.join(name for name in steps if name in FOREIGN_SAMPLERS) or 'none'
        raise ValueError(
            'the test pipeline has to choose frames by SampleFaceFrames or '
            f'InterpolateFrames, so that windows of a film can be; found: {found}'
        )
    step = steps['SampleFaceFrames']
    # The 16-frame clips were interpolated before they were written.
    short = source_of(cfg) == '16f'
    mode = 'interpolate' if short else step.get('mode', 'segments')
    return int(step.get('clip_len', 16)), mode


def array_pipeline(cfg: ConfigDict) -> Callable[[np.ndarray], dict]:
    """What the test pipeline does after reading, for frames in memory.

    Returns:
        Callable: From uint8 of shape (T, H, W, 3) in RGB to a packed sample.
    """
    steps: List[Callable[[dict], dict]] = []
    for config in test_pipeline(cfg):
        if config['type'] == 'DecodeFaceFrames':
            steps.append(_resized(TRANSFORMS.build(config)))
        elif config['type'] not in READERS + SAMPLERS + FOREIGN_SAMPLERS:
            steps.append(TRANSFORMS.build(config))

    def run(clip: np.ndarray) -> dict:
        results: dict = dict(
            imgs=clip, clip_len=len(clip), num_clips=1, frame_interval=None,
            img_shape=clip.shape[1:3], original_shape=clip.shape[1:3],
            total_frames=len(clip), start_index=0, modality='RGB',
        )  # fmt: skip
        for step in steps:
            results = step(results)
        return results

    return run


def _resized(decoder: Any) -> Callable[[dict], dict]:
    """Frames as the decoder would have resized them."""

    def run(results: dict) -> dict:
        results['imgs'] = np.stack([decoder.resize(f) for f in results['imgs']])
        results['img_shape'] = results['imgs'].shape[1:3]
        return results

    return run
