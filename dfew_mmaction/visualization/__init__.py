"""Figures: functions that return a matplotlib figure; no torch."""

from .confusion import plot_confusion_matrix

__all__ = ['plot_confusion_matrix']
