"""Scores over the values of a setting (figures 5 and 6 of the DFEW paper)."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from ..utils import check_fractions


def plot_sweep(
    scores: Mapping[str, Mapping[Any, Sequence[Mapping[str, float]]]], label: str
) -> Figure:
    """Draw UAR and WAR over the values of a setting, equally spaced as in the paper.

    Args:
        scores (Mapping): Scores of runs by curve name and value, each with ``UAR`` and
            ``WAR`` in [0, 1]. Several runs of a value are drawn as their
            mean with their range. Curves need not have the same values.
        label (str): Name of the setting, whose values are numbers.

    Returns:
        matplotlib.figure.Figure: The figure, not registered in pyplot.

    Raises:
        ValueError: If there is nothing to draw, or a score is not a fraction.
    """
    values = sorted({value for curve in scores.values() for value in curve})
    if not values:
        raise ValueError('there is no finished run to draw')
    place = {value: index for index, value in enumerate(values)}
    figure = Figure(
        figsize=(max(5.0, 0.6 * len(values) + 2), 4.2), layout='constrained'
    )
    axes = figure.add_subplot()
    for number, (name, curve) in enumerate(scores.items()):
        for metric, line, marker in (('WAR', '-', 'o'), ('UAR', '--', 's')):
            there = sorted(curve)
            for value in there:
                where = f'{metric} of {name}, {label} {value}'
                check_fractions(where, [run[metric] for run in curve[value]])
            runs = [100 * np.array([r[metric] for r in curve[v]]) for v in there]
            means = np.array([run.mean() for run in runs])
            spread = [
                means - [run.min() for run in runs],
                [run.max() for run in runs] - means,
            ]
            several = any(len(run) > 1 for run in runs)
            axes.errorbar(
                [place[value] for value in there], means,
                yerr=spread if several else None, capsize=2,
                linestyle=line, marker=marker, markersize=4, color=f'C{number}',
                label=f'{name} {metric}'.strip(),
            )  # fmt: skip
    axes.set_xticks(range(len(values)), [str(value) for value in values])
    axes.set(xlabel=label, ylabel='percent')
    axes.grid(alpha=0.3)
    if len(scores) <= 3:
        axes.legend()
    else:  # a legend of so many lines would cover them
        figure.set_figwidth(figure.get_figwidth() + 2.8)
        figure.legend(loc='outside right upper')
    return figure
