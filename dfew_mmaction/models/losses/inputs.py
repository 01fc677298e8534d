"""Checks of the input and the settings of all feature losses."""

import math
from numbers import Real
from typing import Any

import torch
from torch import Tensor


def check_features(who: str, features: Tensor, labels: Tensor) -> None:
    """Check that there is one feature vector and one class per sample.

    Args:
        who (str): Name of the loss, for the message.
        features (torch.Tensor): Expected shape (n, d).
        labels (torch.Tensor): Expected integers of shape (n, ).

    Raises:
        ValueError: For other shapes or types; the message names them.
    """
    if labels.is_floating_point() or labels.dim() != 1:
        raise ValueError(
            f'{who} needs one class for each sample, as integers of shape (n, ); got '
            f'labels of shape {tuple(labels.shape)} and type {labels.dtype}. Soft '
            'labels (mixup, vote distributions) have no pairs of one class.'
        )
    if features.dim() != 2 or len(features) != len(labels):
        raise ValueError(
            f'{who} needs features of shape (n, d) and labels of shape (n, ); got '
            f'{tuple(features.shape)} and {tuple(labels.shape)}'
        )


def check_weight(who: str, loss_weight: Any) -> None:
    """Check that the weight of a loss is a number by which it can be minimised.

    Raises:
        ValueError: If it is no finite number, or negative; the message names the loss.
    """
    number = isinstance(loss_weight, Real) and not isinstance(loss_weight, bool)
    if not number or not math.isfinite(loss_weight) or loss_weight < 0:
        raise ValueError(
            f'{who}: expected a finite loss_weight of at least 0, got {loss_weight!r}'
        )


def at_least_float32(x: Tensor) -> Tensor:
    """Convert half precision to float32; leave float32 and float64 unchanged."""
    return x if x.dtype == torch.float64 else x.float()
