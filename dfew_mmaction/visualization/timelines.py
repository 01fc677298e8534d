"""Emotions of faces over time."""

from collections.abc import Mapping, Sequence

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from ..utils.text import figure_text

#: Greatest number of panels that is readable on a page.
MAX_FACES = 8


def class_colors(count: int) -> np.ndarray:
    """Colours of the classes, equal in all pictures, RGB in [0, 1], (count, 3)."""
    name = 'tab10' if count <= 10 else 'tab20'
    table = matplotlib.color_sequences[name]
    return np.array([table[i % len(table)] for i in range(count)])


def plot_timelines(
    lines: Mapping[str, tuple[np.ndarray, np.ndarray]],
    classes: Sequence[str],
    title: str = '',
    *,
    duration: float | None = None,
) -> Figure:
    """Draw the probabilities over time, with one panel per face.

    Args:
        lines (Mapping): Seconds of the windows, shape (k,), and probabilities, shape
            (k, classes), by name of the face. The first :data:`MAX_FACES` are
            drawn; :meth:`.VideoResult.longest` chooses the longest.
        classes (Sequence[str]): Names of the classes.
        title (str): Title of the figure.
        duration (float, optional): Seconds of the video; the axis covers all of it.

    Returns:
        matplotlib.figure.Figure: The figure, not registered in pyplot.

    Raises:
        ValueError: If there is no face.
    """
    if not lines:
        raise ValueError('there is no face to draw')
    shown = list(lines.items())[:MAX_FACES]
    figure = Figure(figsize=(9, 1.2 + 1.9 * len(shown)), layout='constrained')
    panels = figure.subplots(len(shown), 1, sharex=True, sharey=True, squeeze=False)
    colors = class_colors(len(classes))
    for axes, (name, (times, values)) in zip(panels[:, 0], shown):
        for column, emotion in enumerate(classes):
            # A face with one window is a point.
            axes.plot(times, values[:, column], marker='o', markersize=3,
                      color=colors[column], label=figure_text(emotion))  # fmt: skip
        axes.set(ylim=(0, 1), ylabel='probability')
        axes.set_title(figure_text(name), fontsize='medium', loc='left')
        axes.grid(alpha=0.3)
    panels[-1, 0].set_xlabel('seconds')
    if duration:
        panels[-1, 0].set_xlim(0, duration)
    if len(lines) > len(shown):
        title = f'{title} ({len(shown)} of {len(lines)} faces)'.strip()
    figure.suptitle(figure_text(title))
    handles, labels = panels[0, 0].get_legend_handles_labels()
    figure.legend(
        handles, labels, loc='outside lower center', ncols=min(len(labels), 7)
    )
    return figure
