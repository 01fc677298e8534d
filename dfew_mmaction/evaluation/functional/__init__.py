"""Scores as plain functions over numpy; no torch, no runner."""

from .predictions import read_predictions, write_predictions
from .uar_war import confusion_matrix, uar_war, uar_war_from_recalls

__all__ = [
    'confusion_matrix',
    'read_predictions',
    'uar_war',
    'uar_war_from_recalls',
    'write_predictions',
]
