"""The losses that a head applies to its embedding."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain, count
from typing import Any

import torch
from mmaction.registry import MODELS
from torch import Tensor, nn

TAKEN = ('loss', 'loss_cls')


class FeatureLosses(nn.ModuleList):
    """A list of losses ``loss(features, labels)`` with names.

    A loss returns one number as a tensor. It may have ``loss_name`` (the default is
    its class name) and ``statistics(features, labels)``, which returns values that are
    logged and not minimised. The second loss of a name is logged as ``name.2``.

    Any loss may also have ``max_share`` ρ in its config: the head then limits its
    gradient at the embedding to ρ times that of the head's own loss, see
    :func:`limit_gradients`.

    Args:
        losses (Sequence[dict | nn.Module]): Losses or their configs.

    Attributes:
        max_shares (list[float | None]): The bound of each loss.
        names (list[str]): The name of each loss in the log.
        statistic_names (dict[str, str]): By these names, unique beginnings of the
            names of its statistics. They are without ``loss``: MMEngine minimises
            whatever has it in its name.

    Raises:
        ValueError: If the losses are no list of configs or modules, a ``max_share`` is
            not a positive number, a name lacks ``loss``, so that MMEngine would log but
            not optimise it, or a name is used by the head or by MMEngine.
    """

    def __init__(self, losses: Sequence = ()) -> None:
        super().__init__()
        if not isinstance(losses, Iterable) or isinstance(losses, str | Mapping):
            raise ValueError(
                "feature_losses: expected a list such as [dict(type='ECSTFLLoss')], "
                f'got {losses!r}'
            )
        self.max_shares: list[float | None] = []
        for loss in losses:
            share = None
            if not isinstance(loss, nn.Module):
                loss, share = _build(loss)
            self.append(loss)
            self.max_shares.append(share)
        self.names: list[str] = []
        self.statistic_names: dict[str, str] = {}
        for loss in self:
            name = getattr(loss, 'loss_name', f'loss_{type(loss).__name__.lower()}')
            if not isinstance(name, str) or 'loss' not in name or name in TAKEN:
                raise ValueError(
                    f'{type(loss).__name__} has the name {name!r} in the log: expected '
                    "one that holds 'loss', else it is not optimised, and none of "
                    f"{TAKEN}, which are the head's and the total. Set its loss_name."
                )
            self.names.append(name := _unused(name, self.names))
            short = re.sub('loss_|_loss|loss', '', name) or 'feature'
            short = _unused(short, self.statistic_names.values())
            self.statistic_names[name] = short

    def forward(self, features: Tensor, data_samples: Sequence) -> dict[str, Tensor]:
        """Compute all losses and their statistics.

        Args:
            features (torch.Tensor): Embeddings of shape (n, d).
            data_samples (Sequence[ActionDataSample]): n samples with ``gt_label``.

        Returns:
            dict[str, torch.Tensor]: Scalars by name.

        Raises:
            ValueError: If a loss returns anything but one number as a tensor, or names
                a statistic so that it would be minimised.
        """
        if not len(self):
            return {}
        labels = features.new_zeros(0, dtype=torch.long)
        if len(data_samples):
            labels = torch.stack([sample.gt_label for sample in data_samples])
        if labels.shape[-1] == 1:
            labels = labels.squeeze(-1)
        labels = labels.to(features.device)
        logged: dict[str, Tensor] = {}
        for name, loss in zip(self.names, self):
            value = loss(features, labels)
            if not isinstance(value, Tensor) or value.numel() != 1:
                shape = tuple(getattr(value, 'shape', ()))
                raise ValueError(
                    f'{type(loss).__name__} ({name}) must return one number as a '
                    f'tensor, got {type(value).__name__} of shape {shape}'
                )
            logged[name] = value.reshape(())
            if hasattr(loss, 'statistics'):
                logged.update(_without_losses(loss.statistics(features, labels), loss))
        return logged


def _without_losses(statistics: dict[str, Any], loss: nn.Module) -> dict[str, Any]:
    for key in statistics:
        if 'loss' in key:
            raise ValueError(
                f'{type(loss).__name__}: its statistic {key!r} would be minimised, '
                "since the name has 'loss' in it: rename it"
            )
    return statistics


def _build(config: Any) -> tuple[nn.Module, float | None]:
    """The loss of a config, and its ``max_share``."""
    if not isinstance(config, Mapping):
        raise ValueError(
            "feature_losses: expected configs such as dict(type='ECSTFLLoss') or "
            f'modules, got {config!r}'
        )
    config = dict(config)
    share = config.pop('max_share', None)
    if share is not None and not (isinstance(share, int | float) and share > 0):
        raise ValueError(
            f'{config.get("type")}: expected a positive max_share or None, got '
            f'{share!r}'
        )
    return MODELS.build(config), share


def _unused(name: str, taken: Collection[str]) -> str:
    """The name, or with the least number from 2 on that makes it unused."""
    numbered = (f'{name}.{number}' for number in count(2))
    return next(text for text in chain([name], numbered) if text not in taken)
