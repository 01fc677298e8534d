"""Confusion matrices (figure 3 of the DFEW paper)."""

from typing import Optional, Sequence

import numpy as np
from matplotlib.figure import Figure
from sklearn.metrics import ConfusionMatrixDisplay


def plot_confusion_matrix(
    matrix: np.ndarray, classes: Sequence[str], title: Optional[str] = None
) -> Figure:
    """Draw the recall of each class and what it is taken for, in percent.

    Args:
        matrix (np.ndarray): Counts of shape (C, C), true class by row.
        classes (Sequence[str]): C names.
        title (str, optional): Defaults to None.

    Returns:
        matplotlib.figure.Figure: Not shown and not known to pyplot, so it needs no
        display and is freed with its last reference.
    """
    totals = matrix.sum(axis=1, keepdims=True)
    percent = 100 * matrix / np.maximum(totals, 1)
    rows = [f'{name} ({total})' for name, total in zip(classes, totals[:, 0])]
    figure = Figure(figsize=(7.2, 6.4), layout='constrained')
    axes = figure.add_subplot()
    display = ConfusionMatrixDisplay(percent, display_labels=list(classes))
    display.plot(
        ax=axes,
        cmap='Blues',
        values_format='.1f',
        xticks_rotation=35,
        im_kw=dict(vmin=0, vmax=100),
    )
    display.im_.colorbar.set_label('percent of the true class')
    axes.set(xlabel='predicted', ylabel='true (clips)', title=title or '')
    axes.set_yticks(axes.get_yticks(), rows)
    return figure
