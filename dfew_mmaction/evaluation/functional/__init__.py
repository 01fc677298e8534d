"""Scores as plain functions over numpy; no torch, no runner."""

from .embeddings import Embeddings, read_embeddings, separation, write_embeddings
from .predictions import read_predictions, write_predictions
from .published_scores import check_published_scores
from .significance import bootstrap_scores, holm, interval, mcnemar
from .uar_war import confusion_matrix, uar_war

__all__ = [
    'Embeddings',
    'check_published_scores',
    'bootstrap_scores',
    'confusion_matrix',
    'holm',
    'interval',
    'mcnemar',
    'read_embeddings',
    'read_predictions',
    'separation',
    'uar_war',
    'write_embeddings',
    'write_predictions',
]
