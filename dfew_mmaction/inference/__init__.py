"""From videos to emotions. Nothing here imports torch before it is needed."""

from .classifiers.base import FACE_SIZE, ClipClassifier
from .classifiers.load import load_classifier
from .expression_inferencer import ExpressionInferencer
from .model_files.facts import ModelFacts
from .results import FaceTimeline, VideoResult

__all__ = [
    'FACE_SIZE',
    'ClipClassifier',
    'ExpressionInferencer',
    'FaceTimeline',
    'VideoResult',
    'ModelFacts',
    'load_classifier',
]
