"""Try feature losses on each of MMAction2's heads and print a table."""

import argparse
import sys
from typing import Any

import dfew_mmaction  # noqa: F401  # first, since it makes mmaction importable

# isort: split
import torch
from mmaction.models import heads
from mmaction.registry import MODELS
from mmaction.structures import ActionDataSample
from mmengine.logging import MMLogger
from mmengine.registry import init_default_scope
from tabulate import tabulate

from dfew_mmaction.models.heads import classifier_layers

VIDEOS, SEGMENTS = 3, 8
_MAP = (16, 2, 4, 4)
# Arguments of a small head, what a backbone would give it for `VIDEOS` videos, and what
# a recogniser would call it with.
EXAMPLES: dict[str, tuple] = {
    'FeatureHead': ({}, (_MAP,), {}),
    'GCNHead': ({}, ((2, 16, 8, 5),), {}),
    'I3DHead': ({}, (_MAP,), {}),
    'MViTHead': ({}, ((), [_MAP, (16,)]), {}),
    'OmniHead': (dict(image_classes=5, video_classes=7), (_MAP,), {}),
    'RGBPoseHead': (dict(in_channels=(16, 8)), (_MAP, (8, 2, 4, 4)), {}),
    'SlowFastHead': ({}, ((12, 2, 4, 4), (4, 8, 4, 4)), {}),
    'TPNHead': ({}, (_MAP,), {}),
    'TRNHead': (dict(hidden_dim=12), ((16, 4, 4),), dict(num_segs=SEGMENTS)),
    'TSMHead': ({}, ((16, 4, 4),), dict(num_segs=SEGMENTS)),
    'TSNAudioHead': ({}, ((16, 4, 4),), {}),
    'TSNHead': ({}, ((16, 4, 4),), dict(num_segs=SEGMENTS)),
    'TimeSformerHead': ({}, ((16,),), {}),
    'UniFormerHead': ({}, ((16,),), {}),
    'X3DHead': ({}, (_MAP,), {}),
}


def example_head(name: str) -> dict[str, Any]:
    """Config of a small stock head with seven classes and 16 channels."""
    config = dict(type=name)
    if name not in ('FeatureHead', 'OmniHead'):
        config['num_classes'] = 7
    if name != 'FeatureHead':
        config.update(in_channels=16, topk=1, average_clips='prob')
    return {**config, **EXAMPLES[name][0]}


def example_features(name: str) -> tuple:
    """Random features and further arguments for a stock head.

    Args:
        name (str): The head's name.

    Returns:
        tuple: Features of ``VIDEOS`` videos as the backbone gives them, and a dict.
    """
    _, shapes, kwargs = EXAMPLES[name]
    # 2-D recognisers give a row for each of the segments of a video.
    rows = VIDEOS * kwargs.get('num_segs', 1)

    def draw(shape: Any) -> Any:
        if isinstance(shape, list):
            return [draw(part) for part in shape]
        return torch.randn(rows, *shape)

    if len(shapes) == 1:
        return draw(shapes[0]), kwargs
    return tuple(draw(shape) for shape in shapes), kwargs


def head_table() -> list[dict[str, Any]]:
    """Try :class:`FeatureLossHead` on each head of MMAction2 by a training step.

    Returns:
        list[dict]: For each head by name: ``head``, ``embedding`` (the layers whose
        input it is, or a dash) and ``feature losses`` (``yes``, or why not).

    Raises:
        RuntimeError: If a head was built and its losses are not finite, or a parameter
            got no gradient.
    """
    init_default_scope('mmaction')
    names = sorted(set(heads.__all__) - {'BaseHead'})
    rows = []
    for name in names:
        row: dict[str, Any] = {'head': name, 'embedding': '-'}
        try:
            row['embedding'] = _try(name)
            row['feature losses'] = 'yes'
        except ValueError as error:
            # Without MMEngine's prefix about the location.
            row['feature losses'] = f'no: {str(error).split(".py: ")[-1]}'
        rows.append(row)
    return rows


def _try(name: str) -> str:
    if name not in EXAMPLES:
        raise ValueError(f'{name} is not known here: add it to EXAMPLES')
    torch.manual_seed(0)
    config = dict(type='FeatureLossHead', head=example_head(name))
    head = MODELS.build({**config, 'feature_losses': [dict(type='ECSTFLLoss')]})
    head.init_weights()
    features, kwargs = example_features(name)
    samples = [ActionDataSample().set_gt_label(label) for label in (0, 0, 1)]
    losses = head.loss(features, samples, **kwargs)
    total = sum(value for key, value in losses.items() if 'loss' in key)
    total.backward()
    layers = classifier_layers(head)
    if name == 'OmniHead':  # a mini-batch is of images or of videos
        layers = [(path, layer) for path, layer in layers if path.startswith('fc3d')]
    lost = [path for path, layer in layers if layer.weight.grad is None]
    if not total.isfinite() or lost:
        raise RuntimeError(f'{name}: losses {losses}, without gradient {lost}')
    paths = [path for path, _ in layers]
    found = f'`{paths[0]}`' + f' … `{paths[-1]}`' * (len(paths) > 1)
    return f'input of {found}'


def main() -> int:
    argparse.ArgumentParser(description=__doc__).parse_args()
    # A head may list each of its weights when they are drawn.
    MMLogger.get_current_instance().setLevel('WARNING')
    print(tabulate(head_table(), headers='keys', tablefmt='github'))
    return 0


if __name__ == '__main__':
    sys.exit(main())
