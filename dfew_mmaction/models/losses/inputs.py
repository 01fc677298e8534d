"""What all losses on features ask of their input."""

import torch
from torch import Tensor


def check_features(who: str, features: Tensor, labels: Tensor) -> None:
    """Refuse what is not one feature vector and one class a sample.

    Args:
        who (str): Name of the loss, for the message.
        features (torch.Tensor): Has to be of shape (n, d).
        labels (torch.Tensor): Have to be integers of shape (n, ).

    Raises:
        ValueError: With the shapes and types that were found.
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


def at_least_float32(x: Tensor) -> Tensor:
    """Half precision as float32, all else as it is."""
    return x if x.dtype == torch.float64 else x.float()
