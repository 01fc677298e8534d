"""Backbones, heads, losses, preprocessing, registered in MMAction2's ``MODELS``."""

from .backbones import CNNLSTM, P3D, HaraResNet3d, InceptionI3D, SlimC3D
from .data_preprocessors import NonBlockingDataPreprocessor
from .heads import C3DHead, FeatureLossHead, P3DHead
from .losses import (
    CenterLoss,
    ECSTFLLoss,
    FocalLoss,
    PMLLoss,
    ec_stfl_loss,
    pair_distances,
)
from .losses import (
    gather_batch as gather_batch,
)

__all__ = [
    'C3DHead',
    'CNNLSTM',
    'CenterLoss',
    'ECSTFLLoss',
    'FeatureLossHead',
    'FocalLoss',
    'HaraResNet3d',
    'InceptionI3D',
    'NonBlockingDataPreprocessor',
    'P3D',
    'P3DHead',
    'PMLLoss',
    'SlimC3D',
    'ec_stfl_loss',
    'pair_distances',
    'gather_batch',
]
