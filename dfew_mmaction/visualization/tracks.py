"""Comparison of codings of one video."""

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure
from matplotlib.patches import Patch

from ..utils.text import figure_text
from .timelines import class_colors


def plot_tracks(
    tracks: Mapping[str, Sequence[tuple[int, float, float]]],
    classes: Sequence[str],
    *,
    begin: float,
    end: float,
    title: str = '',
) -> Figure:
    """Draw labelled intervals with one row per coding.

    Args:
        tracks (Mapping): Intervals by name of the coding: index of the class, seconds
            of start and end.
        classes (Sequence[str]): Names of the classes.
        begin (float): Seconds at the left edge.
        end (float): Seconds at the right edge.
        title (str): Defaults to none.

    Returns:
        matplotlib.figure.Figure: The figure, not registered in pyplot.

    Raises:
        ValueError: If there is no coding.
    """
    if not tracks:
        raise ValueError('there is no coding to draw')
    figure = Figure(figsize=(9, 1.4 + 0.6 * len(tracks)), layout='constrained')
    axes = figure.add_subplot()
    colors = class_colors(len(classes))
    for row, intervals in enumerate(tracks.values()):
        for label, start, stop in intervals:
            axes.broken_barh(
                [(start, stop - start)], (row - 0.35, 0.7), color=colors[label]
            )
    axes.set_yticks(range(len(tracks)), list(tracks))
    axes.set(xlim=(begin, end), ylim=(len(tracks) - 0.4, -0.6), xlabel='seconds')
    axes.set_title(figure_text(title))
    axes.grid(axis='x', alpha=0.3)
    handles = [
        Patch(color=c, label=figure_text(name)) for c, name in zip(colors, classes)
    ]
    figure.legend(
        handles=handles, loc='outside lower center', ncols=min(len(classes), 7)
    )
    return figure
