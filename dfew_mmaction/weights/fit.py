"""Whether weights fill a network, and what is left over."""

from typing import NamedTuple

from mmengine.utils.dl_utils.parrots_wrapper import _BatchNorm
from tabulate import tabulate
from torch import Tensor, nn

from .check import mismatched_weights
from .convert import identity_norm
from .rules import HEAD


class Fit(NamedTuple):
    """What became of weights beside a network.

    Attributes:
        state_dict (dict[str, torch.Tensor]): What fits, made whole.
        notes (list[str]): What was left out or added, a sentence each.
    """

    state_dict: dict[str, Tensor]
    notes: list[str]


def fit_weights(state_dict: dict[str, Tensor], model: nn.Module) -> Fit:
    """Check weights against a network.

    Two things may differ, and are said: a classifier of another number of classes is
    left out, and a network with batch normalisation takes weights without: each one
    begins as a layer that adds the convolution's bias.

    Args:
        state_dict (dict[str, torch.Tensor]): Weights by name.
        model (nn.Module): The network; it may be on the meta device.

    Returns:
        Fit: What to load.

    Raises:
        ValueError: If anything else is lacking, left over or of another shape, with a
            table of it.
    """
    weights, notes = dict(state_dict), []
    wanted = {name: tuple(value.shape) for name, value in model.state_dict().items()}
    notes += _add_norms(weights, model)
    notes += _leave_classifier(weights, wanted)
    rows = [
        (name, _shape(theirs), _shape(ours))
        for name, ours, theirs in mismatched_weights(model, weights)
        # A head that starts with new weights, and what the data need, may be missing.
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
        f'The file has no batch normalisation. {added} were added that hold the '
        'biases of the convolutions and change nothing else. Training begins anew with '
        'their mean and variance: all other weights were taken over.'
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
        return ['The file has no classifier: it begins anew.']
    return [f'The classifier{what} was left out: it begins anew.']


def _shape(shape: object) -> str:
    return '-' if shape is None else str(shape)
