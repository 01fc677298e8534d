"""Losses; feature losses are called as ``loss(features, labels)``."""

from .center_loss import CenterLoss
from .ec_stfl_loss import ECSTFLLoss, ec_stfl_loss, pair_distances
from .feature_losses import FeatureLosses
from .focal_loss import FocalLoss
from .gather_batch import gather_batch
from .gradient_share import (
    embedding_gradient,
    gradient_statistics,
    limit_gradients,
)
from .pml_loss import PMLLoss

__all__ = [
    'CenterLoss',
    'ECSTFLLoss',
    'FeatureLosses',
    'FocalLoss',
    'PMLLoss',
    'ec_stfl_loss',
    'pair_distances',
    'embedding_gradient',
    'gather_batch',
    'gradient_statistics',
    'limit_gradients',
]
