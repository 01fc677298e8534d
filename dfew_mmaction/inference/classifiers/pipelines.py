"""The test pipeline of a config, for clips on disk and for clips in memory."""

from collections.abc import Callable
from typing import Any

import numpy as np
from mmaction.registry import DATASETS, TRANSFORMS
from mmengine.config import ConfigDict

from ...datasets import Pack
from ...datasets.transforms.steps import (
    DECODE,
    READ,
    SAMPLE,
    SAMPLE_OTHERWISE,
    step_of,
)


def dataset_of(cfg: ConfigDict, part: str = 'test') -> dict:
    """The data set of a part, out of its wrappers; empty where there is none."""
    dataset = (cfg.get(f'{part}_dataloader') or {}).get('dataset') or {}
    while 'pipeline' not in dataset and 'dataset' in dataset:
        dataset = dataset['dataset']
    return dataset


def test_pipeline(cfg: ConfigDict) -> list[dict]:
    """The transforms that clips go through when they are scored.

    Raises:
        ValueError: If the config has no test pipeline.
    """
    pipeline = dataset_of(cfg).get('pipeline') or cfg.get('test_pipeline')
    if not pipeline:
        raise ValueError(
            'the config has no pipeline to prepare clips by: expected '
            '`test_dataloader.dataset.pipeline` or `test_pipeline`'
        )
    return list(pipeline)


def source_of(cfg: ConfigDict, trained_on: str = '') -> str:
    """Variant of the frames that the config tests on.

    Args:
        cfg (ConfigDict): The config.
        trained_on (str): What the checkpoint says of its own; tells which frames those
            of a pack are. Defaults to none.

    Returns:
        str: Empty where it is not known.

    Raises:
        ValueError: If it is a pack, and nothing says of which frames.
    """
    dataset = dataset_of(cfg)
    kind = dataset.get('type')
    kind = DATASETS.get(kind) if isinstance(kind, str) else kind
    usual = (getattr(kind, 'SOURCES', None) or ('',))[0]
    source = str(dataset.get('source') or usual or cfg.get('source') or '')
    if source != 'packed' or trained_on not in ('', 'packed'):
        return trained_on if source == 'packed' else source
    try:
        pack = Pack.find(dataset.get('data_root') or '', dataset.get('pack'))
    except (FileNotFoundError, ValueError) as error:
        raise ValueError(
            "the config tests on source='packed'; which frames those are says neither "
            f'the checkpoint (`source` of its `dataset_meta`) nor the pack: {error}. '
            "Set the test data set's source to '16f' or 'frames'"
        ) from error
    return str(pack.settings['source'])


def sampling_of(cfg: ConfigDict, source: str) -> tuple[int, str]:
    """How many frames the network takes, and how clips are brought to them.

    Args:
        cfg (ConfigDict): The config.
        source (str): See :func:`source_of`.

    Returns:
        tuple[int, str]: See :class:`.ClipClassifier`.

    Raises:
        ValueError: If the pipeline chooses frames in a way that windows of a video
            cannot be given.
    """
    steps = {step['type']: step for step in test_pipeline(cfg)}
    if 'InterpolateFrames' in steps:
        return int(steps['InterpolateFrames'].get('clip_len', 16)), 'interpolate'
    if 'SampleFaceFrames' not in steps:
        others = [name for name in steps if step_of(name) == SAMPLE_OTHERWISE]
        found = ', '.join(others) or 'none'
        raise ValueError(
            'the test pipeline has to choose frames by SampleFaceFrames or '
            f'InterpolateFrames, so that windows of a video can be; found: {found}'
        )
    step = steps['SampleFaceFrames']
    # The 16-frame clips were interpolated before they were written.
    mode = 'interpolate' if source == '16f' else step.get('mode', 'segments')
    return int(step.get('clip_len', 16)), mode


def array_pipeline(cfg: ConfigDict) -> Callable[[np.ndarray], dict]:
    """What the test pipeline does after reading, for frames in memory.

    Returns:
        Callable: From uint8 of shape (T, H, W, 3) in RGB to a packed sample.
    """
    steps: list[Callable[[dict], dict]] = []
    for config in test_pipeline(cfg):
        step = step_of(config['type'])
        if step == DECODE:
            steps.append(_resized(TRANSFORMS.build(config)))
        elif step not in (READ, SAMPLE, SAMPLE_OTHERWISE):
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
