"""The test pipeline of a config for clips on disk and in memory."""

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
    """Config of a part's first data set without wrappers; empty if there is none."""
    return next(iter(datasets_of(cfg, part)), {})


def datasets_of(cfg: ConfigDict, part: str) -> list[dict]:
    """Configs of a part's data sets without wrappers such as ``ConcatDataset``."""
    outer = (cfg.get(f'{part}_dataloader') or {}).get('dataset')
    found, left = [], [outer] if outer else []
    while left:
        dataset = left.pop(0)
        inner = list(dataset.get('datasets') or [])
        inner += [dataset['dataset']] if 'dataset' in dataset else []
        if inner and 'pipeline' not in dataset:
            left = inner + left
        else:
            found.append(dataset)
    return found


def test_pipeline(cfg: ConfigDict) -> list[dict]:
    """Transforms of the test pipeline.

    Raises:
        ValueError: If the config has no test pipeline.
    """
    pipeline = dataset_of(cfg).get('pipeline') or cfg.get('test_pipeline')
    if not pipeline:
        raise ValueError(
            'the config has no test pipeline: expected '
            '`test_dataloader.dataset.pipeline` or `test_pipeline`'
        )
    return list(pipeline)


def source_of(cfg: ConfigDict, trained_on: str = '') -> str:
    """Frame variant that the config tests on.

    Args:
        cfg (ConfigDict): The config.
        trained_on (str): Frame variant in the checkpoint, which identifies the frames
            of a pack. Defaults to none.

    Returns:
        str: The variant; empty if it is unknown.

    Raises:
        ValueError: If it is a pack of unknown frames.
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
            "the config tests on source='packed', but neither the checkpoint "
            f'(`source` of its `dataset_meta`) nor the pack names its frames: {error}. '
            "Set the test data set's source to '16f' or 'frames'"
        ) from error
    return str(pack.settings['source'])


def sampling_of(cfg: ConfigDict, source: str) -> tuple[int, str]:
    """Number of input frames and how clips are brought to it.

    Args:
        cfg (ConfigDict): The config.
        source (str): See :func:`source_of`.

    Returns:
        tuple[int, str]: See :class:`.ClipClassifier`.

    Raises:
        ValueError: If the pipeline samples frames in a way that does not apply to
            windows.
    """
    steps = {step['type']: step for step in test_pipeline(cfg)}
    if 'InterpolateFrames' in steps:
        return int(steps['InterpolateFrames'].get('clip_len', 16)), 'interpolate'
    if 'SampleFaceFrames' not in steps:
        others = [name for name in steps if step_of(name) == SAMPLE_OTHERWISE]
        found = ', '.join(others) or 'none'
        raise ValueError(
            'to predict videos, the test pipeline must choose frames by '
            f'SampleFaceFrames or InterpolateFrames; found: {found}'
        )
    step = steps['SampleFaceFrames']
    # The 16-frame clips of the release are already interpolated.
    mode = 'interpolate' if source == '16f' else step.get('mode', 'segments')
    return int(step.get('clip_len', 16)), mode


def array_pipeline(cfg: ConfigDict) -> Callable[[np.ndarray], dict]:
    """Build the test pipeline without its reading steps, for frames in memory.

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
    """Resize frames as the decoder does."""

    def run(results: dict) -> dict:
        results['imgs'] = np.stack([decoder.resize(f) for f in results['imgs']])
        results['img_shape'] = results['imgs'].shape[1:3]
        return results

    return run
