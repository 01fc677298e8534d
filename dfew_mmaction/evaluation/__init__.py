"""Scores: plain functions in ``functional``, registered metrics in ``metrics``."""

from .functional import confusion_matrix, uar_war, uar_war_from_recalls
from .metrics import DumpPredictions, UARWARMetric

__all__ = [
    'DumpPredictions',
    'UARWARMetric',
    'confusion_matrix',
    'uar_war',
    'uar_war_from_recalls',
]
