"""Recognition of emotions in videos. Torch is imported only when it is needed."""

from .classifiers.base import FACE_SIZE, ClipClassifier
from .classifiers.load import load_classifier
from .expression_inferencer import ExpressionInferencer
from .model_files.facts import ModelFacts
from .results import FaceTimeline, VideoResult
from .segments import Segment, SegmentRule, find_segments

__all__ = [
    'FACE_SIZE',
    'ClipClassifier',
    'ExpressionInferencer',
    'FaceTimeline',
    'VideoResult',
    'ModelFacts',
    'Segment',
    'SegmentRule',
    'find_segments',
    'load_classifier',
]
