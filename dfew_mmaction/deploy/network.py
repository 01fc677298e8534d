"""A trained network with its preprocessing, for export."""

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn

from ..datasets.transforms.steps import DECODE, READ, SAMPLE, transforms_of
from ..inference import ModelFacts
from ..inference.classifiers.torch_classifier import TorchClassifier

# Transforms that are part of an exported file or have no effect in testing.
_CHANGES = ('Resize', 'FormatShape', 'PackActionInputs')


class DeployedNetwork(nn.Module):
    """Normalisation, network and softmax in one module.

    ::

        clips (n, frames, height, width, 3), uint8, RGB ─► (x - mean) / std
            ─► backbone, neck, head ─► scores (n, classes) ─► softmax ─► probabilities

    Resizing is not part of it: OpenCV resizes pictures by area and rounds them to
    uint8, for which ONNX has no operator.

    Args:
        model (nn.Module): A recogniser of clips, ``format_shape='NCTHW'``.

    Raises:
        ValueError: If its data preprocessor is of another type.
    """

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        given = model.data_preprocessor
        kind = getattr(given, 'format_shape', None)
        if kind != 'NCTHW' or given.to_rgb:
            raise ValueError(
                'recognisers of RGB clips can be exported, that is by '
                "ActionDataPreprocessor with format_shape='NCTHW' and to_rgb=False; "
                f'this one has {type(given).__name__} with format_shape={kind!r}'
            )
        mean, std = getattr(given, 'mean', None), getattr(given, 'std', None)
        self.register_buffer('mean', torch.zeros(1) if mean is None else mean.clone())
        self.register_buffer('std', torch.ones(1) if std is None else std.clone())
        self.model = model
        self.eval().requires_grad_(False)

    def forward(self, clips: Tensor) -> tuple[Tensor, Tensor]:
        """Scores and probabilities, both (n, classes)."""
        inputs = (clips.permute(0, 4, 1, 2, 3).float() - self.mean) / self.std
        scores, _ = self.model.extract_feat(inputs[:, None], stage='head')
        return scores, scores.softmax(dim=-1)


class Loaded(NamedTuple):
    """A network and its description.

    Attributes:
        network (DeployedNetwork): In eval mode, on the CPU.
        facts (ModelFacts): Without the config, which contains paths of its machine.
    """

    network: DeployedNetwork
    facts: ModelFacts


def load_network(config: str | Path | None, checkpoint: str | Path) -> Loaded:
    """Read a trained network.

    Args:
        config (str | Path, optional): None for a model file by ``tools/publish.py``.
        checkpoint (str | Path): Its weights.

    Raises:
        FileNotFoundError: If a file is missing.
        RuntimeError: If the checkpoint is truncated or contains foreign code.
        ValueError: If it is of another network, or if the network or its test pipeline
            cannot be exported.
    """
    classifier = TorchClassifier(config, checkpoint, device='cpu')
    facts = classifier.facts
    _check_pipeline(facts.pipeline)
    return Loaded(DeployedNetwork(classifier.model), replace(facts, config={}))


def _check_pipeline(pipeline: list) -> None:
    known = (*_CHANGES, *transforms_of(READ, DECODE, SAMPLE))
    for step in pipeline:
        kind = step['type']
        if kind not in known:
            raise ValueError(
                f'the test pipeline has {kind}, which an exported file does not do; it '
                f'may have {", ".join(known)}'
            )
        how = step.get('interpolation', 'bilinear'), step.get('keep_ratio', True)
        if kind == 'Resize' and how != ('bilinear', False):
            raise ValueError(
                'the test pipeline resizes with interpolation='
                f'{how[0]!r}, keep_ratio={how[1]}; an exported file does with '
                "'bilinear' and False"
            )
