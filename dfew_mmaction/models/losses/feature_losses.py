"""The losses that a head applies to its embedding."""

from collections.abc import Sequence

import torch
from mmaction.registry import MODELS
from torch import Tensor, nn

TAKEN = ('loss', 'loss_cls')


class FeatureLosses(nn.ModuleList):
    """A list of losses ``loss(features, labels)`` with names.

    A loss may have ``loss_name`` (the default is its class name) and
    ``statistics(features, labels)``, which returns values that are logged and not
    minimised. The second loss of a name is logged as ``name.2``.

    Any loss may also have ``max_share`` ρ in its config: the head then limits its
    gradient at the embedding to ρ times that of the head's own loss, see
    :func:`limit_gradients`.

    Args:
        losses (Sequence[dict | nn.Module]): Losses or their configs.

    Raises:
        ValueError: If a ``max_share`` is not positive, a name lacks ``loss``, so that
            MMEngine would log but not optimise it, or a name is used by the head or by
            MMEngine.
    """

    def __init__(self, losses: Sequence = ()) -> None:
        super().__init__()
        self.max_shares: list[float | None] = []
        for loss in losses:
            share = None
            if not isinstance(loss, nn.Module):
                config = dict(loss)
                share = config.pop('max_share', None)
                if share is not None and not share > 0:
                    raise ValueError(
                        f'{config.get("type")}: expected a positive max_share or None, '
                        f'got {share}'
                    )
                loss = MODELS.build(config)
            self.append(loss)
            self.max_shares.append(share)
        self.names: list[str] = []
        for loss in self:
            name = getattr(loss, 'loss_name', f'loss_{type(loss).__name__.lower()}')
            if 'loss' not in name or name in TAKEN:
                raise ValueError(
                    f'{type(loss).__name__} has the name {name!r} in the log: expected '
                    "one that holds 'loss', else it is not optimised, and none of "
                    f"{TAKEN}, which are the head's and the total. Set its loss_name."
                )
            taken = sum(other.rsplit('.', 1)[0] == name for other in self.names)
            self.names.append(f'{name}.{taken + 1}' if taken else name)

    def forward(self, features: Tensor, data_samples: Sequence) -> dict[str, Tensor]:
        """Compute all losses and their statistics.

        Args:
            features (torch.Tensor): Embeddings of shape (n, d).
            data_samples (Sequence[ActionDataSample]): n samples with ``gt_label``.

        Returns:
            dict[str, torch.Tensor]: Scalars by name.
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
            logged[name] = loss(features, labels)
            if hasattr(loss, 'statistics'):
                logged.update(loss.statistics(features, labels))
        return logged
