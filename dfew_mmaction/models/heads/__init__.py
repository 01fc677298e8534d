"""Classification heads whose embedding can carry feature losses."""

from .c3d_head import C3DHead
from .classifier_input import ClassifierInput, find_classifier
from .feature_loss_head import FeatureLossHead
from .p3d_head import P3DHead

__all__ = [
    'C3DHead',
    'ClassifierInput',
    'FeatureLossHead',
    'P3DHead',
    'find_classifier',
]
