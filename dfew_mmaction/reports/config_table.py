"""Table of the configs of a folder: size, cost and losses."""

from pathlib import Path
from typing import Any

import torch
from mmaction.registry import MODELS
from mmaction.structures import ActionDataSample
from mmengine.config import Config
from mmengine.optim import OptimWrapper
from mmengine.registry import init_default_scope
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from ..utils.config_file import load_config


def describe_config(path: str | Path) -> dict[str, Any]:
    """Determine size and cost of the network in a config on the meta device.

    Args:
        path (str | Path): A config whose test pipeline decodes to one ``scale`` and
            samples one clip.

    Returns:
        dict: ``config`` (the file name without suffix), ``input`` as
        ``'16 × 112 × 112'`` (frames, height, width), ``params`` in millions with the
        head, ``gflops`` of one clip as multiply-adds in billions, ``losses``.
    """
    init_default_scope('mmaction')
    config = load_config(path, 'model', 'test_dataloader')
    frames, (width, height) = _input(config)
    model = _build_without_data(config.model)
    with torch.device('meta'):
        network = nn.Sequential(model.backbone, model.cls_head)
        with FlopCounterMode(display=False) as counter:
            network(torch.empty(1, 3, frames, height, width))
    added = config.model.cls_head.get('feature_losses', [])
    return dict(
        config=Path(path).stem,
        input=f'{frames} × {height} × {width}',
        params=sum(p.numel() for p in network.parameters()) / 1e6,
        # The counter counts a multiply-add as two operations, the literature as one.
        gflops=counter.get_total_flops() / 2e9,
        losses=['CrossEntropyLoss', *(loss.type for loss in added)],
    )


def step_config(path: str | Path, batch_size: int = 3) -> dict[str, float]:
    """Run one training step at full size on clips of noise.

    Args:
        path (str | Path): See :func:`describe_config`.
        batch_size (int): Number of clips, two of each class in turn: three give pairs
            within and between classes. Defaults to 3.

    Returns:
        dict[str, float]: The losses, as in the training log.
    """
    init_default_scope('mmaction')
    config = load_config(path, 'model', 'test_dataloader')
    frames, (width, height) = _input(config)
    torch.manual_seed(0)
    model = MODELS.build(config.model)
    model.init_weights()
    clips = [
        torch.randint(256, (1, 3, frames, height, width), dtype=torch.uint8)
        for _ in range(batch_size)
    ]
    classes = model.cls_head.num_classes
    samples = [
        ActionDataSample().set_gt_label(i // 2 % classes) for i in range(batch_size)
    ]
    optimizer = OptimWrapper(torch.optim.SGD(model.parameters(), lr=1e-3))
    losses = model.train_step(dict(inputs=clips, data_samples=samples), optimizer)
    return {name: float(value) for name, value in losses.items()}


def config_table(folder: str | Path, step: bool = False) -> list[dict[str, Any]]:
    """Make a row for each config in a folder, sorted by name.

    Args:
        folder (str | Path): Such as ``configs/dfew``.
        step (bool): Also run a training step of each. Defaults to False.

    Returns:
        list[dict]: See :func:`describe_config`; with ``step`` also each loss.

    Raises:
        FileNotFoundError: If there is none.
    """
    paths = sorted(Path(folder).glob('*.py'))
    if not paths:
        raise FileNotFoundError(f"there is no config in '{folder}'")
    rows = []
    for path in paths:
        row = describe_config(path)
        if step:
            losses = step_config(path)
            row.update((k, v) for k, v in losses.items() if 'loss' in k)
        rows.append(row)
    return rows


def _build_without_data(config: dict) -> nn.Module:
    try:
        with torch.device('meta'):
            return MODELS.build(config).eval()
    except RuntimeError:  # some backbones read tensor values during construction
        return MODELS.build(config).eval().to('meta')


def _input(config: Config) -> tuple:
    steps = config.test_dataloader.dataset.pipeline
    counts = [s.get('clip_len', 16) for s in steps if s['type'] == 'SampleFaceFrames']
    scales = [s['scale'] for s in steps if 'scale' in s]
    if not counts or not scales:
        raise ValueError(
            f"the config '{config.filename}': its test pipeline has no "
            'SampleFaceFrames, or no step with a `scale`'
        )
    return counts[0], scales[0]
