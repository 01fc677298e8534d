"""A trained network with its preprocessing, and what is to be said of it."""

import hashlib
import json
from pathlib import Path
from typing import Dict, Optional, Tuple, Union

import torch
from mmaction.registry import DATASETS, MODELS
from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmengine.runner import CheckpointLoader
from torch import Tensor, nn

from ...version import __version__
from ...weights import fit_weights

# Steps of a test pipeline that leave a clip's pixels alone, but for one resize.
_PLAIN = {
    'DecodeFaceFrames', 'DecordDecode', 'DecordInit', 'FormatShape',
    'InterpolateFrames', 'OpenFaceVideo', 'PackActionInputs', 'Resize',
    'SampleFaceFrames', 'SampleFrames',
}  # fmt: skip


class DeployedNetwork(nn.Module):
    """Preprocessing, network and softmax as one module.

    ::

        clips (n, frames, height, width, 3), uint8, RGB ─► (x - mean) / std
            ─► backbone, neck, head ─► scores (n, classes) ─► softmax ─► probabilities

    Resizing is not in it: the pictures of the data set are resized by area and rounded
    to uint8, which neither ONNX nor torch says.

    Args:
        model (nn.Module): A recogniser of clips, ``format_shape='NCTHW'``.

    Raises:
        ValueError: If its preprocessor is of another kind.
    """

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        given = model.data_preprocessor
        kind = getattr(given, 'format_shape', None)
        if kind != 'NCTHW' or getattr(given, 'to_rgb', False):
            raise ValueError(
                'only recognisers of RGB clips can be exported: ActionDataPreprocessor '
                f"with format_shape='NCTHW' and to_rgb=False; this one is "
                f'{type(given).__name__} with format_shape={kind!r}'
            )
        mean, std = getattr(given, 'mean', None), getattr(given, 'std', None)
        shape = (1, -1, 1, 1, 1)
        self.register_buffer('mean', torch.zeros(shape) if mean is None else mean[None])
        self.register_buffer('std', torch.ones(shape) if std is None else std[None])
        self.model = model
        self.eval().requires_grad_(False)

    def forward(self, clips: Tensor) -> Tuple[Tensor, Tensor]:
        """Scores and probabilities, both (n, classes)."""
        pixels = clips.permute(0, 4, 1, 2, 3).float()
        inputs = (pixels - self.mean) / self.std
        scores, _ = self.model.extract_feat(inputs[:, None], stage='head')
        return scores, scores.softmax(dim=-1)


def load_network(
    config: Union[str, Path], checkpoint: Optional[Union[str, Path]] = None
) -> Tuple[DeployedNetwork, Dict[str, str]]:
    """Network of a config, with the weights of a checkpoint, and its description.

    Args:
        config (str | Path): A config with a test pipeline of one resized clip.
        checkpoint (str | Path, optional): Its weights, all of them. Defaults to None:
            random ones, for measuring speed.

    Returns:
        tuple: The network, and :func:`describe_network` of it.

    Raises:
        OSError: If a file cannot be read.
        ValueError: If the weights are not of this network, or the config is one that
            :class:`DeployedNetwork` or :func:`describe_network` refuses.
    """
    init_default_scope('mmaction')
    parsed = Config.fromfile(config)
    model = MODELS.build(parsed.model)
    meta: dict = {}
    if checkpoint is None:
        model.init_weights()
    else:
        loaded = CheckpointLoader.load_checkpoint(
            str(checkpoint), map_location='cpu', logger=None
        )
        meta = loaded.get('meta', {})
        try:
            fit = fit_weights(loaded.get('state_dict', loaded), model)
        except ValueError as error:
            raise ValueError(f'{checkpoint} for {config}: {error}') from error
        missing, _ = model.load_state_dict(fit.state_dict, strict=False)
        if lacking := [name for name in missing if '.fc_' in name]:
            raise ValueError(
                f'{checkpoint} for {config}: it lacks {", ".join(lacking)}. '
                f'{" ".join(fit.notes)} Train the network before it is exported.'
            )
    network = DeployedNetwork(model)
    metadata = describe_network(parsed, meta.get('dataset_meta') or {})
    metadata['config'] = Path(config).name
    if checkpoint is not None:
        metadata['checkpoint'] = Path(checkpoint).name
        content = Path(checkpoint).read_bytes()
        metadata['checkpoint_sha256'] = hashlib.sha256(content).hexdigest()
    return network, metadata


def describe_network(config: Config, dataset_meta: dict) -> Dict[str, str]:
    """What a file has to say so that nothing else is needed to run it.

    Args:
        config (Config): Of the network.
        dataset_meta (dict): The checkpoint's: the classes of its training, and which
            frames were used. Empty takes the classes of the config's data set.

    Returns:
        dict[str, str]: ``classes`` as a JSON list, ``frames``, ``height``, ``width``,
        and for people ``input``, ``resize``, ``mean``, ``std``, ``source``, ``made_by``.

    Raises:
        ValueError: If the test pipeline does more than resize one clip, or classes and
            classifier differ in number.
    """
    dataset = config.test_dataloader.dataset
    frames, height, width = _clip_shape(dataset.pipeline)
    classes = dataset_meta.get('classes') or DATASETS.get(dataset.type).METAINFO.get(
        'classes', ()
    )
    count = config.model.cls_head.num_classes
    if len(classes) != count:
        raise ValueError(
            f'the classifier tells {count} classes apart, and {len(classes)} are named: '
            f'{", ".join(map(str, classes)) or "none"}'
        )
    preprocessor = config.model.data_preprocessor
    return dict(
        classes=json.dumps(list(map(str, classes))),
        frames=str(frames),
        height=str(height),
        width=str(width),
        input='clips: uint8 (n, frames, height, width, 3), RGB, aligned faces',
        output='scores before, probabilities after the softmax: float32 (n, classes)',
        resize='before: by area (cv2.INTER_AREA), rounded to uint8',
        mean=json.dumps(list(preprocessor.get('mean') or [0, 0, 0])),
        std=json.dumps(list(preprocessor.get('std') or [1, 1, 1])),
        source=str(dataset_meta.get('source') or dataset.get('source', '')),
        made_by=f'dfew_mmaction {__version__}, torch {torch.__version__}',
    )


def _clip_shape(pipeline: list) -> Tuple[int, int, int]:
    steps = {step['type']: step for step in pipeline}
    if foreign := [name for name in steps if name not in _PLAIN]:
        raise ValueError(
            f'the test pipeline has {", ".join(foreign)}, which an exported file cannot '
            f'do; it may have {", ".join(sorted(_PLAIN))}'
        )
    sampler = steps.get('SampleFaceFrames') or steps.get('SampleFrames') or {}
    if sampler.get('num_clips', 1) != 1:
        raise ValueError(
            f'the test pipeline takes {sampler["num_clips"]} clips of a video, an '
            'exported file one: set num_clips=1'
        )
    frames = steps.get('InterpolateFrames', {}).get('num_frames')
    frames = frames or sampler.get('clip_len')
    resize = steps.get('Resize', {})
    if resize.get('keep_ratio', True) and resize:
        raise ValueError('the test pipeline resizes with keep_ratio=True: set False')
    scale = resize.get('scale') or steps.get('DecodeFaceFrames', {}).get('scale')
    if not frames or not scale:
        raise ValueError(
            'the test pipeline does not say how many frames of which size it gives: '
            f'clip_len={frames}, scale={scale}'
        )
    width, height = (scale, scale) if isinstance(scale, int) else scale
    return int(frames), int(height), int(width)
