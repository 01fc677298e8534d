"""Functions that return a matplotlib figure."""

from .confusion import plot_confusion_matrices, plot_confusion_matrix
from .contact_sheet import plot_contact_sheet
from .embedding import plot_embeddings, project
from .sweep import plot_sweep
from .training import plot_training
from .votes import plot_cooccurrence

__all__ = [
    'plot_confusion_matrices',
    'plot_confusion_matrix',
    'plot_contact_sheet',
    'plot_cooccurrence',
    'plot_embeddings',
    'plot_sweep',
    'plot_training',
    'project',
]
