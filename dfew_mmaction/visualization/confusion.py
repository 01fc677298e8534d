"""Confusion matrices (figure 3 of the DFEW paper)."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from sklearn.metrics import ConfusionMatrixDisplay

from ..utils.text import figure_text


def plot_confusion_matrix(
    matrix: np.ndarray, classes: Sequence[str], title: str | None = None
) -> Figure:
    """Draw a confusion matrix in percent of the true class.

    Args:
        matrix (np.ndarray): Counts of shape (C, C), true class by row.
        classes (Sequence[str]): C names.
        title (str, optional): Defaults to None.

    Returns:
        matplotlib.figure.Figure: The figure. It is not registered in pyplot, so it
        needs no display and is freed with its last reference.
    """
    return plot_confusion_matrices([matrix], classes, [title or ''])


def plot_confusion_matrices(
    matrices: Sequence[np.ndarray],
    classes: Sequence[str],
    titles: Sequence[str],
    *,
    counts: bool = False,
) -> Figure:
    """Draw several matrices in a row, such as with and without EC-STFL.

    Args:
        matrices (Sequence[np.ndarray]): Counts of shape (C, C) each, true class by
            row.
        classes (Sequence[str]): C names.
        titles (Sequence[str]): One per matrix.
        counts (bool): Write the number of clips below each percentage. Defaults to
            False.

    Returns:
        matplotlib.figure.Figure: See :func:`plot_confusion_matrix`.

    Raises:
        ValueError: If a matrix has another shape or contains other values than counts.
    """
    for matrix in matrices:
        counted = np.issubdtype(matrix.dtype, np.integer) and not (matrix < 0).any()
        if matrix.shape != (len(classes),) * 2 or not counted:
            raise ValueError(
                f'expected counts from 0 of shape {(len(classes),) * 2}, got '
                f'{matrix.dtype} of shape {matrix.shape}:\n{matrix}'
            )
    figure = Figure(figsize=(6.4 * len(matrices) + 0.8, 6.4), layout='constrained')
    panels = figure.subplots(1, len(matrices), squeeze=False)[0]
    for axes, matrix, title in zip(panels, matrices, titles):
        totals = matrix.sum(axis=1, keepdims=True)
        percent = 100 * matrix / np.maximum(totals, 1)
        names = list(map(figure_text, classes))
        rows = [f'{name} ({total})' for name, total in zip(names, totals[:, 0])]
        display = ConfusionMatrixDisplay(percent, display_labels=names)
        display.plot(
            ax=axes,
            cmap='Blues',
            values_format='.1f',
            xticks_rotation=35,
            colorbar=False,
            im_kw=dict(vmin=0, vmax=100),
        )
        if counts:
            for cell, count in zip(display.text_.ravel(), matrix.ravel()):
                cell.set(text=f'{cell.get_text()}\n{count}', fontsize='small')
        axes.set(xlabel='predicted', ylabel='true (clips)', title=figure_text(title))
        axes.set_yticks(axes.get_yticks(), rows)
    bar = figure.colorbar(display.im_, ax=list(panels), shrink=0.8)
    bar.set_label('percent of the true class')
    return figure
