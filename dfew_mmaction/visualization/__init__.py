"""Functions that return a matplotlib figure."""

from .confusion import plot_confusion_matrices, plot_confusion_matrix
from .embedding import plot_embeddings, project
from .sweep import plot_sweep
from .training import plot_training

__all__ = [
    'plot_confusion_matrices',
    'plot_confusion_matrix',
    'plot_embeddings',
    'plot_sweep',
    'plot_training',
    'project',
]
