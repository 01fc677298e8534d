"""From films to emotions. Nothing here imports torch before it is needed."""

from .clip_classifier import FACE_SIZE, ClipClassifier
from .expression_inferencer import ExpressionInferencer
from .load_classifier import load_classifier
from .model_facts import ModelFacts
from .results import FaceTimeline, FilmResult

__all__ = [
    'FACE_SIZE',
    'ClipClassifier',
    'ExpressionInferencer',
    'FaceTimeline',
    'FilmResult',
    'ModelFacts',
    'load_classifier',
]
