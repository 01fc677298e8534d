"""The EC-STFL loss (Jiang et al., ACM MM 2020, equation 9)."""

import torch
from mmaction.registry import MODELS
from torch import Tensor, nn

from .distances import all_distances
from .gather_batch import gather_batch
from .inputs import at_least_float32, check_features, check_weight

VARIANTS = ('paper', 'released')


def ec_stfl_loss(
    features: Tensor, labels: Tensor, variant: str = 'paper', *, eps: float = 1e-6
) -> Tensor:
    r"""Distances within the classes of a mini-batch divided by those between them.

    With ``N_i`` the number of samples of sample i's class, including sample i, the
    variant ``'paper'`` is equation 9, with Euclidean distances:

    .. math::
        \frac{\sum_i \sum_{j: y_j = y_i} \|x_i - x_j\| / N_i}
             {\sum_i \sum_{j: y_j \ne y_i} \|x_i - x_j\| / N_j}

    The variant ``'released'`` is what the authors' later code computes. With L1
    distances :math:`d_{ij}`, n samples in total and :math:`M_i` of other classes:

    .. math::
        \frac{1}{n^2} \sum_i \Big[\sum_{j: y_j = y_i} \frac{d_{ij}}{N_i + ε}\Big]
        \Big[\sum_{j: y_j \ne y_i} \frac{1}{d_{ij} + ε} \Big/ (M_i + 1 + ε)\Big]

    Args:
        features (torch.Tensor): Features of shape (n, d). Half precision is computed
            in float32, also under autocast.
        labels (torch.Tensor): Class of each sample, integers of shape (n, ).
        variant (str): ``'paper'`` or ``'released'``. Defaults to ``'paper'``.
        eps (float): ε of the variant ``'released'``. Defaults to 1e-6.

    Returns:
        torch.Tensor: Scalar, at least 0. For a mini-batch of one class, or without
        samples, 0 with a gradient of 0.

    Raises:
        ValueError: For invalid shapes, soft labels, or an unknown variant.

    Examples:
        >>> x = torch.tensor([[0.0], [1.0], [3.0]])
        >>> ec_stfl_loss(x, torch.tensor([0, 0, 1]))  # (1/2 + 1/2) / (5/1 + 5/2)
        tensor(0.1333)
    """
    check_features('EC-STFL', features, labels)
    if variant not in VARIANTS:
        raise ValueError(f'variant must be one of {VARIANTS}, got {variant!r}')
    with torch.autocast(features.device.type, enabled=False):
        features = at_least_float32(features)
        same = labels[:, None] == labels[None, :]
        if bool(same.all()):
            return features[:0].sum()
        size = same.sum(dim=1, dtype=features.dtype)
        if variant == 'paper':
            distance = all_distances(features, p=2.0)
            within = (distance * same / size[:, None]).sum()
            between = (distance * ~same / size[None, :]).sum()
            # Only 0 / 0 is affected: all features of the mini-batch coincide.
            return within / between.clamp(min=torch.finfo(between.dtype).tiny)
        distance = all_distances(features, p=1.0)
        others = len(labels) - size
        within = (distance * same).sum(dim=1) / (size + eps)
        between = ((distance + eps).reciprocal() * ~same).sum(dim=1)
        return (within * between / (others + 1 + eps)).sum() / len(labels) ** 2


@torch.no_grad()
def pair_distances(features: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """Mean Euclidean distance of the pairs within and between the classes.

    Args:
        features (torch.Tensor): Features of shape (n, d).
        labels (torch.Tensor): Class of each sample, integers of shape (n, ).

    Returns:
        tuple[torch.Tensor, torch.Tensor]: Two scalars, within and between. A mean
        over no pair is 0.
    """
    check_features('EC-STFL', features, labels)
    with torch.autocast(features.device.type, enabled=False):
        distance = torch.pdist(at_least_float32(features))
        first, second = torch.triu_indices(
            len(labels), len(labels), offset=1, device=labels.device
        )
        same = labels[first] == labels[second]
        return tuple(
            (distance * pairs).sum() / pairs.sum().clamp(min=1)
            for pairs in (same, ~same)
        )


@MODELS.register_module()
class ECSTFLLoss(nn.Module):
    """EC-STFL as a module, see :func:`ec_stfl_loss`.

    Args:
        loss_weight (float): The paper's λ. Defaults to 10.0, as there.
        variant (str): ``'paper'`` or ``'released'``. Defaults to ``'paper'``.
        eps (float): ε of the variant ``'released'``. Defaults to 1e-6.
        gather (bool): Whether to compute the loss over the mini-batches of all
            processes (:func:`gather_batch`), with the gradients of a single process.
            Defaults to False: over that of this process.
        loss_name (str): Name in the log; must contain ``loss`` to be minimised.
            Defaults to ``'loss_ecstfl'``.

    Raises:
        ValueError: For an unknown variant, a weight that is negative or no number, or
            an ε that is not positive.

    Examples:
        >>> loss = ECSTFLLoss(loss_weight=10.0)
        >>> features = torch.randn(24, 4096, requires_grad=True)
        >>> loss(features, torch.arange(24) % 7).backward()
    """

    def __init__(
        self,
        loss_weight: float = 10.0,
        variant: str = 'paper',
        eps: float = 1e-6,
        *,
        gather: bool = False,
        loss_name: str = 'loss_ecstfl',
    ) -> None:
        super().__init__()
        check_weight('ECSTFLLoss', loss_weight)
        if variant not in VARIANTS:
            raise ValueError(f'variant must be one of {VARIANTS}, got {variant!r}')
        if not isinstance(eps, int | float) or not eps > 0:
            raise ValueError(f'ECSTFLLoss: expected a positive eps, got {eps!r}')
        self.loss_weight, self.variant, self.eps = loss_weight, variant, eps
        self.gather, self.loss_name = gather, loss_name

    def forward(self, features: Tensor, labels: Tensor) -> Tensor:
        """Weighted loss of a mini-batch, a scalar; for arguments see above."""
        if self.gather:
            check_features('EC-STFL', features, labels)
            features, labels = gather_batch(at_least_float32(features), labels)
        return self.loss_weight * ec_stfl_loss(
            features, labels, self.variant, eps=self.eps
        )

    def statistics(self, features: Tensor, labels: Tensor) -> dict[str, Tensor]:
        """Intra- and inter-class distance of this process's mini-batch, for the log."""
        within, between = pair_distances(features, labels)
        return dict(intra_class_distance=within, inter_class_distance=between)

    def extra_repr(self) -> str:
        """Settings for ``print(module)``."""
        return (
            f'loss_weight={self.loss_weight}, variant={self.variant!r}, '
            f'gather={self.gather}'
        )
