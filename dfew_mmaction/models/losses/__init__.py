"""Losses; feature losses are called as ``loss(features, labels)``."""

from .ec_stfl_loss import ECSTFLLoss, ec_stfl_loss, pair_distances
from .feature_losses import FeatureLosses

__all__ = ['ECSTFLLoss', 'FeatureLosses', 'ec_stfl_loss', 'pair_distances']
