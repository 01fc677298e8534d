"""The center loss (Wen et al., ECCV 2016), EC-STFL's competitor in the DFEW paper."""

import torch
from mmaction.registry import MODELS
from mmengine.dist import all_reduce
from torch import Tensor, nn
from torch.nn import functional as F

from .ec_stfl_loss import pair_distances
from .inputs import at_least_float32, check_features, check_weight

REDUCTIONS = ('mean', 'sum')


@MODELS.register_module()
class CenterLoss(nn.Module):
    r"""Squared distances of features to the centre of their class.

    .. math::
        L = \frac{1}{2m} \sum_i \|x_i - c_{y_i}\|^2, \qquad
        c_j \leftarrow c_j - α
        \frac{\sum_{i: y_i = j} (c_j - x_i)}{1 + n_j}

    These are equations 2 to 4 of Wen et al., which sum over the m samples of a
    mini-batch. Their cross-entropy (equation 5) is a sum too, so that the weight
    balances two sums. MMAction2's cross-entropy is a mean: the default
    ``reduction='mean'`` keeps that balance and does not depend on the batch size.
    ``'sum'`` is equation 2 as printed. The DFEW paper gives the weight, 1e-4, but not
    the reduction.

    The centres are a buffer: they start at zero, are not trained by the optimizer, and
    are saved in the checkpoint. Each training mini-batch updates them once, after its
    loss, also if gradients are accumulated; evaluation does not change them. Several
    processes contribute their samples to the same update, so that all have the same
    centres. A mini-batch with a non-finite feature updates no centre in any process.

    Args:
        num_classes (int): Number of classes. Defaults to 7.
        feat_dim (int): Size of the features. Defaults to 4096, that of C3D.
        loss_weight (float): The paper's λ. Defaults to 1e-4.
        alpha (float): Update rate α of the centres, 0 to 1. Defaults to 0.5.
        reduction (str): ``'mean'`` or ``'sum'`` over the samples of this process.
            Defaults to ``'mean'``.
        loss_name (str): Name in the log; must contain ``loss`` to be minimised.
            Defaults to ``'loss_center'``.

    Raises:
        ValueError: For an unknown reduction, an α out of range, or a weight that is
            negative or no number.

    Examples:
        >>> loss = CenterLoss(num_classes=2, feat_dim=1, loss_weight=1.0)
        >>> loss(torch.tensor([[2.0], [4.0]]), torch.tensor([0, 0]))  # (4 + 16) / 4
        tensor(5.)
        >>> loss.centers.flatten()  # 0.5 * (2 + 4) / (1 + 2); no sample
        tensor([1., 0.])
    """

    def __init__(
        self,
        num_classes: int = 7,
        feat_dim: int = 4096,
        loss_weight: float = 1e-4,
        alpha: float = 0.5,
        reduction: str = 'mean',
        loss_name: str = 'loss_center',
    ) -> None:
        super().__init__()
        check_weight('CenterLoss', loss_weight)
        if reduction not in REDUCTIONS:
            raise ValueError(
                f'reduction must be one of {REDUCTIONS}, got {reduction!r}'
            )
        if not 0 <= alpha <= 1:
            raise ValueError(f'alpha must be from 0 to 1, got {alpha}')
        self.loss_weight, self.alpha = loss_weight, alpha
        self.reduction, self.loss_name = reduction, loss_name
        # Zeros are the same in all processes and matter for a few updates only.
        self.register_buffer('centers', torch.zeros(num_classes, feat_dim))

    def forward(self, features: Tensor, labels: Tensor) -> Tensor:
        """Weighted loss of a mini-batch; in training, the centres are updated after it.

        Args:
            features (torch.Tensor): Features of shape (n, d). Half precision is
                computed in float32, also under autocast.
            labels (torch.Tensor): Class of each sample, integers of shape (n, ).

        Returns:
            torch.Tensor: Scalar, at least 0; 0 without samples.

        Raises:
            ValueError: For invalid shapes, soft labels, or labels out of range.
        """
        self._check(features, labels)
        labels = labels.long()
        with torch.autocast(features.device.type, enabled=False):
            features = at_least_float32(features)
            away = features - self.centers.to(features.dtype)[labels]
            loss = away.square().sum() / 2
            if self.reduction == 'mean':
                loss = loss / max(len(labels), 1)
            if self.training:
                self._move_centers(away.detach(), labels)
        return self.loss_weight * loss

    @torch.no_grad()
    def _move_centers(self, away: Tensor, labels: Tensor) -> None:
        member = F.one_hot(labels, len(self.centers)).to(away.dtype)
        # Sums and counts in one message: (classes, d + 1). index_add would sum in an
        # order, and with a result, that differs between runs on a GPU.
        total = torch.cat([member.T @ away, member.sum(dim=0)[:, None]], dim=1)
        all_reduce(total)
        step = self.alpha * total[:, :-1] / (1 + total[:, -1:])
        # All processes decide by the same numbers, without waiting for the GPU.
        step = torch.where(total.isfinite().all(), step, torch.zeros_like(step))
        self.centers.copy_(self.centers.to(step.dtype) + step)

    def statistics(self, features: Tensor, labels: Tensor) -> dict[str, Tensor]:
        """The distances that EC-STFL logs too, for comparison."""
        within, between = pair_distances(features, labels)
        return dict(intra_class_distance=within, inter_class_distance=between)

    def extra_repr(self) -> str:
        """Settings for ``print(module)``."""
        return (
            f'loss_weight={self.loss_weight}, alpha={self.alpha}, '
            f'reduction={self.reduction!r}, centers={tuple(self.centers.shape)}'
        )

    def _check(self, features: Tensor, labels: Tensor) -> None:
        check_features('CenterLoss', features, labels)
        num_classes, feat_dim = self.centers.shape
        if features.shape[1] != feat_dim:
            raise ValueError(
                f'CenterLoss holds centres of size {feat_dim}, the features are of '
                f'size {features.shape[1]}: set feat_dim={features.shape[1]}'
            )
        outside = labels[(labels < 0) | (labels >= num_classes)]
        if len(outside):
            raise ValueError(
                f'CenterLoss holds centres of the classes 0 to {num_classes - 1}, got '
                f'label {int(outside[0])}: set num_classes or correct the labels'
            )
