"""Backbones, heads and losses, registered in MMAction2's ``MODELS``."""

from .backbones import SlimC3D
from .heads import C3DHead
from .losses import (
    CenterLoss,
    ECSTFLLoss,
    FocalLoss,
    PMLLoss,
    ec_stfl_loss,
    pair_distances,
)

__all__ = [
    'C3DHead',
    'CenterLoss',
    'ECSTFLLoss',
    'FocalLoss',
    'PMLLoss',
    'SlimC3D',
    'ec_stfl_loss',
    'pair_distances',
]
