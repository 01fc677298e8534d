"""Classification heads with feature losses on their embedding."""

from .c3d_head import C3DHead
from .embedding_recorder import EmbeddingRecorder, classifier_layers
from .feature_loss_head import FeatureLossHead
from .p3d_head import P3DHead

__all__ = [
    'C3DHead',
    'EmbeddingRecorder',
    'FeatureLossHead',
    'P3DHead',
    'classifier_layers',
]
