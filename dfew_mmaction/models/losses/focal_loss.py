"""Focal loss over softmax scores (Lin et al., ICCV 2017)."""

from collections.abc import Sequence
from typing import Any

import torch
from mmaction.models.losses.base import BaseWeightedLoss
from mmaction.registry import MODELS
from torch import Tensor
from torch.nn import functional as F

from .inputs import at_least_float32


@MODELS.register_module()
class FocalLoss(BaseWeightedLoss):
    r"""Cross-entropy that gives less weight to samples that are already correct.

    With :math:`p_{ic}` the softmax of the scores, :math:`q_{ic}` the label (one-hot, or
    soft by ``label_smooth_eps``) and :math:`w_c` the weight of a class:

    .. math::
        - \sum_{i, c} w_c q_{ic} (1 - p_{ic})^γ \log p_{ic}
        \Big/ \sum_{i, c} w_c q_{ic}

    This is equation 5 of Lin et al. with a softmax instead of the sigmoid. The divisor
    is that of MMAction2's ``CrossEntropyLoss``, which ``gamma=0`` equals. MMAction2's
    ``CBFocalLoss`` uses independent sigmoids and takes hard labels only; mmcv's focal
    loss needs compiled operators.

    Args:
        gamma (float): γ, at least 0. Defaults to 2.0, the paper's best.
        class_weight (Sequence[float], optional): One weight per class, the paper's α.
            Only their ratios matter. Defaults to None: all the same.
        loss_weight (float): Factor of the loss. Defaults to 1.0.

    Raises:
        ValueError: For a negative γ, or weights that are negative, all zero or not
            one per class.

    Examples:
        >>> loss = FocalLoss(gamma=2.0)
        >>> loss(torch.tensor([[0.0, 0.0]]), torch.tensor([1]))  # log(2) / 4
        tensor(0.1733)
    """

    def __init__(
        self,
        gamma: float = 2.0,
        class_weight: Sequence[float] | None = None,
        loss_weight: float = 1.0,
    ) -> None:
        super().__init__(loss_weight=loss_weight)
        if gamma < 0:
            raise ValueError(f'gamma must be at least 0, got {gamma}')
        self.gamma = gamma
        weight = None
        if class_weight is not None:
            weight = torch.as_tensor(class_weight, dtype=torch.float32)
            if (weight < 0).any() or not weight.any():
                raise ValueError(
                    'class_weight must hold no negative number and a positive one, got '
                    f'{list(class_weight)}'
                )
        # Comes from the config, not from a checkpoint.
        self.register_buffer('class_weight', weight, persistent=False)

    def _forward(self, cls_score: Tensor, label: Tensor, **kwargs: Any) -> Tensor:
        """Loss of a mini-batch before its weight.

        Args:
            cls_score (torch.Tensor): Scores before softmax, of shape (n, classes).
            label (torch.Tensor): Classes of shape (n, ), or soft labels of shape
                (n, classes).

        Returns:
            torch.Tensor: Scalar, at least 0.
        """
        classes = cls_score.shape[1]
        if label.shape != cls_score.shape:
            label = F.one_hot(label, classes)
        if self.class_weight is not None:
            if len(self.class_weight) != classes:
                raise ValueError(
                    f'class_weight holds {len(self.class_weight)} weights, the scores '
                    f'have {classes} classes: give one weight a class'
                )
            label = label * self.class_weight
        log_p = F.log_softmax(at_least_float32(cls_score), dim=1)
        # -expm1 is 1 - p without cancellation. For a gamma below 1 its power has an
        # infinite slope at 0, hence the smallest value.
        away = (-torch.expm1(log_p)).clamp(min=torch.finfo(log_p.dtype).eps)
        total = -(label * away**self.gamma * log_p).sum()
        # Without a weighted sample both are 0.
        return total / label.sum().clamp(min=torch.finfo(log_p.dtype).tiny)
