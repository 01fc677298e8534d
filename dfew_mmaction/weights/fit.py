"""Comparison of converted weights with a network."""

from typing import NamedTuple

from mmengine.utils.dl_utils.parrots_wrapper import _BatchNorm
from tabulate import tabulate
from torch import Tensor, nn

from .check import mismatched_weights
from .convert import identity_norm
from .rules import HEAD


class Fit(NamedTuple):
    """Weights that fit a network.

    Attributes:
        state_dict (dict[str, torch.Tensor]): The weights, completed.
        notes (list[str]): What was left out or added, one sentence each.
    """

    state_dict: dict[str, Tensor]
    notes: list[str]


def fit_weights(state_dict: dict[str, Tensor], model: nn.Module) -> Fit:
    """Compare weights with those of a network.

    Two differences are accepted and reported: a classifier with another number of
    classes is left out, and a network with batch normalisation accepts weights without
    it: each batch normalisation then adds the bias of its convolution.

    Args:
        state_dict (dict[str, torch.Tensor]): Weights by name.
        model (nn.Module): The network; it may be on the meta device.

    Returns:
        Fit: What to load.

    Raises:
        ValueError: If any other weight is missing, unexpected or has another shape; the
            message has a table.
    """
    weights, notes = dict(state_dict), []
    wanted = {name: tuple(value.shape) for name, value in model.state_dict().items()}
    notes += _add_norms(weights, model)
    notes += _leave_classifier(weights, wanted)
    rows = [
        (name, _shape(theirs), _shape(ours))
        for name, ours, theirs in mismatched_weights(model, weights)
        # A new head, and buffers that depend on the data, may be missing.
        if theirs is not None or not name.startswith((HEAD, 'data_preprocessor'))
    ]
    if rows:
        more = f'\n… and {len(rows) - 20} more' if rows[20:] else ''
        table = tabulate(rows[:20], headers=['weight', 'in the file', 'in the config'])
        raise ValueError(
            f'the weights are not of this network: {len(rows)} of {len(wanted)} do not '
            f'fit. Nothing was written.\n{table}{more}'
        )
    return Fit(weights, notes)


def _add_norms(weights: dict[str, Tensor], model: nn.Module) -> list[str]:
    added = 0
    for name, layer in model.named_modules():
        conv = name.removesuffix('.bn') + '.conv'
        has_none = f'{name}.weight' not in weights and f'{conv}.bias' in weights
        if isinstance(layer, _BatchNorm) and name.endswith('.bn') and has_none:
            for key, value in identity_norm(
                weights.pop(f'{conv}.bias'), layer.eps
            ).items():
                weights[f'{name}.{key}'] = value
            added += 1
    if not added:
        return []
    return [
        f'The file has no batch normalisation. {added} were added, which contain the '
        'biases of the convolutions and have no other effect. Training starts with new '
        'running means and variances; all other weights were copied.'
    ]


def _leave_classifier(weights: dict[str, Tensor], wanted: dict) -> list[str]:
    weight = weights.get(f'{HEAD}.weight')
    if weight is None:
        left = [n for n in weights if n.startswith('cls_head.') and n not in wanted]
    elif tuple(weight.shape) != wanted.get(f'{HEAD}.weight'):
        left = [n for n in weights if n.startswith(HEAD)]
    else:
        return []
    for name in left:
        del weights[name]
    what = f' of {len(weight)} classes' if weight is not None else ''
    if weight is None and not left:
        return ['The file has no classifier: it starts from random weights.']
    return [f'The classifier{what} was left out: it starts from random weights.']


def _shape(shape: object) -> str:
    return '-' if shape is None else str(shape)
