"""Forms of EC-STFL, and layers for it, that were compared (docs/ec_stfl.md)."""

from typing import Any

import torch
from mmaction.registry import MODELS
from torch import Tensor, nn

from dfew_mmaction.models.losses import pair_distances
from dfew_mmaction.models.losses.distances import all_distances

FORMS = ('paper', 'norm', 'between', 'log', 'unit', 'batchnorm', 'harmonic')
ENDS = ('linear', 'dropout')


@MODELS.register_module()
class CandidateC3D(nn.Module):
    """MMAction2's C3D with another end than fc7 and ReLU.

    Args:
        end (str): ``'linear'``: fc7 without ReLU. ``'dropout'``: fc7, ReLU and dropout;
            the head then needs none.
        **kwargs: For ``C3D``.
    """

    def __init__(self, end: str, **kwargs: Any) -> None:
        super().__init__()
        if end not in ENDS:
            raise ValueError(f'end must be one of {ENDS}, got {end!r}')
        self.end = end
        self.c3d = MODELS.build(dict(type='C3D', **kwargs))
        self.c3d.fc7.register_forward_hook(self._keep)
        self._linear: Tensor | None = None

    def _keep(self, layer: nn.Module, inputs: Any, output: Tensor) -> None:
        self._linear = output

    def init_weights(self) -> None:
        """As C3D does."""
        self.c3d.init_weights()

    def forward(self, x: Tensor) -> Tensor:
        """Embeddings of shape (n, 4096) of clips (n, 3, 16, 112, 112)."""
        x = self.c3d(x)
        linear, self._linear = self._linear, None
        return linear if self.end == 'linear' else self.c3d.dropout(x)


@MODELS.register_module()
class CandidateLoss(nn.Module):
    """One of :data:`FORMS`, with optional linear increase of its weight.

    Args:
        form (str): See :meth:`forward`.
        loss_weight (float): λ.
        ramp (int): Training steps over which λ rises from 0. 0 means none.
    """

    loss_name = 'loss_ecstfl'

    def __init__(
        self,
        form: str = 'paper',
        loss_weight: float = 10.0,
        ramp: int = 0,
    ) -> None:
        super().__init__()
        if form not in FORMS:
            raise ValueError(f'form must be one of {FORMS}, got {form!r}')
        self.form, self.loss_weight, self.ramp = form, loss_weight, ramp
        self.register_buffer('steps', torch.zeros((), dtype=torch.long))

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        """Weighted loss of features (n, d) with labels (n, )."""
        same = labels[:, None] == labels[None, :]
        if bool(same.all()):
            return x[:0].sum()
        weight = self.loss_weight
        if self.ramp and self.training:
            self.steps += 1
            weight = weight * min(1.0, self.steps.item() / self.ramp)
        if self.form == 'unit':
            x = nn.functional.normalize(x)
        elif self.form == 'batchnorm':
            x = (x - x.mean(0)) / (x.var(0, unbiased=False) + 1e-5).sqrt()
        size = same.sum(dim=1, dtype=x.dtype)
        distance = all_distances(x, p=2.0)
        if self.form == 'harmonic':
            within = (distance * same).sum(1) / size
            scale = distance.detach()[~same].mean().clamp(min=1e-12)
            near = ((distance + 1e-3 * scale).reciprocal() * ~same).sum(1)
            return weight * (within * near / (len(labels) - size)).sum() / len(labels)
        within = (distance * same / size[:, None]).sum()
        between = (distance * ~same / size[None, :]).sum()
        ratio = within / between.clamp(min=torch.finfo(between.dtype).tiny)
        if self.form == 'log':
            ratio = ratio.clamp(min=1e-12).log()
        elif self.form == 'norm':
            ratio = ratio * x.detach().norm(dim=1).mean()
        elif self.form == 'between':
            ratio = ratio * distance.detach()[~same].mean()
        return weight * ratio

    def statistics(self, features: Tensor, labels: Tensor) -> dict[str, Tensor]:
        """Figures for the log."""
        within, between = pair_distances(features, labels)
        return dict(
            intra_class_distance=within,
            inter_class_distance=between,
            embedding_norm=features.detach().norm(dim=1).mean(),
        )
