"""Renaming of weights of other projects, and folding of biases of convolutions."""

from typing import Any, NamedTuple

import torch
from torch import Tensor

from .rules import HEAD, NETWORKS, SOURCES, Network, new_name

_CONTAINERS = ('state_dict', 'model_state_dict', 'model')


class Converted(NamedTuple):
    """Weights by their names in this project.

    Attributes:
        state_dict (dict[str, torch.Tensor]): ``backbone.…`` and ``cls_head.…``.
        network (str): Key of the network in ``NETWORKS``.
        notes (list[str]): Changes other than new names, one sentence each.
    """

    state_dict: dict[str, Tensor]
    network: str
    notes: list[str]


def convert_weights(checkpoint: Any, source: str) -> Converted:
    """Rename the weights of another project to the names of this one.

    Args:
        checkpoint (dict): Weights by name, or a dict that contains them as
            ``state_dict``, ``model_state_dict`` or ``model``. Names may begin with
            ``module.``.
        source (str): One of :data:`~dfew_mmaction.weights.rules.SOURCES`.

    Returns:
        Converted: The renamed weights. A bias of a convolution before a batch
        normalisation, which MMAction2's layers do not have, is subtracted from the
        running mean: the output is the same.

    Raises:
        ValueError: If the source is unknown, or the checkpoint contains no weights or
            those of another network; the message lists what was found.
    """
    if source not in SOURCES:
        raise ValueError(f'the source must be one of {list(SOURCES)}, got {source!r}')
    weights = _weights(checkpoint)
    key, network = _recognise(weights, source)
    renamed: dict[str, Tensor] = {}
    unknown = []
    for name, value in weights.items():
        ours = new_name(network, name)
        if not ours:
            unknown.append(name)
        elif ours in renamed:
            raise ValueError(f'two weights would be called {ours}, one is {name}')
        else:
            renamed[ours] = value
    if unknown:
        raise ValueError(
            f'the weights look like {network.title}, but {len(unknown)} of '
            f'{len(weights)} are not of it: {_first(unknown)}'
        )
    weight = renamed.get(f'{HEAD}.weight')
    if weight is not None and weight.dim() > 2:  # a convolution on one value
        renamed[f'{HEAD}.weight'] = weight.flatten(1)
    notes = _fold_biases(renamed)
    return Converted(renamed, key, notes)


def _weights(checkpoint: Any) -> dict[str, Tensor]:
    for container in _CONTAINERS:
        if isinstance(checkpoint, dict) and isinstance(checkpoint.get(container), dict):
            checkpoint = checkpoint[container]
            break
    if not isinstance(checkpoint, dict):
        raise ValueError(f'expected weights by name, found {type(checkpoint).__name__}')
    weights = {
        name.removeprefix('module.'): value
        for name, value in checkpoint.items()
        if isinstance(name, str) and isinstance(value, Tensor)
    }
    if not weights:
        raise ValueError(
            'it contains no weights: expected tensors by name, or these in '
            f'{", ".join(_CONTAINERS)}; found {_first(map(str, checkpoint))}'
        )
    return weights


def _recognise(weights: dict[str, Tensor], source: str) -> tuple[str, Network]:
    def is_of(network: Network) -> bool:
        weight = weights.get(network.known_by)
        if weight is None:
            return not network.known_by
        return not network.kernel or tuple(weight.shape[2:]) == network.kernel

    for key in SOURCES[source]:
        if is_of(NETWORKS[key]):
            return key, NETWORKS[key]
    others = [
        name
        for name, keys in SOURCES.items()
        if name != source
        and any(NETWORKS[k].known_by and is_of(NETWORKS[k]) for k in keys)
    ]
    dimensions = max(weight.dim() for weight in weights.values())
    expected = ' or '.join(NETWORKS[key].title for key in SOURCES[source])
    raise ValueError(
        f"these are not weights of {expected}, which '{source}' publishes: they begin "
        f'{_first(weights)}.'
        + (f' They look like those of --from {" or ".join(others)}.' if others else '')
        + (
            ' They are of a 2-D network for single frames: only networks for videos '
            'are converted.'
            if dimensions == 4
            else ''
        )
    )


def _fold_biases(weights: dict[str, Tensor]) -> list[str]:
    folded = 0
    for name in [n for n in weights if n.endswith('.conv.bias')]:
        mean = name.removesuffix('.conv.bias') + '.bn.running_mean'
        if mean in weights:
            weights[mean] = weights[mean] - weights.pop(name)
            folded += 1
    if not folded:
        return []
    return [
        f'The biases of {folded} convolutions were subtracted from the running means '
        'of their batch normalisations, which gives the same results.'
    ]


def identity_norm(bias: Tensor, eps: float) -> dict[str, Tensor]:
    """Make weights of a batch normalisation that only adds a bias.

    Args:
        bias (torch.Tensor): Shape (C, ).
        eps (float): Of the layer.

    Returns:
        dict[str, torch.Tensor]: Its weights by name.
    """
    return dict(
        weight=torch.ones_like(bias),
        bias=torch.zeros_like(bias),
        running_mean=-bias,
        running_var=torch.full_like(bias, 1 - eps),
    )


def _first(names: Any) -> str:
    names = list(names)
    return ', '.join(names[:5]) + (', …' if len(names) > 5 else '')
