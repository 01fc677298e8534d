"""Losses and scores over the epochs of training."""

from collections.abc import Mapping

from matplotlib.figure import Figure

from ..utils import check_fractions


def plot_training(logs: Mapping[str, Mapping[int, Mapping[str, float]]]) -> Figure:
    """Draw training logs: one panel for the losses, one for UAR and WAR.

    Args:
        logs (Mapping): Logs of :func:`read_training_log` by name of the run.

    Returns:
        matplotlib.figure.Figure: The figure, not registered in pyplot.

    Raises:
        ValueError: If a score is not a fraction.
    """
    figure = Figure(figsize=(10, 4.2), layout='constrained')
    left, right = figure.subplots(1, 2)
    styles = ('-', '--', ':', '-.')
    for number, (run, log) in enumerate(logs.items()):
        prefix = f'{run} ' if len(logs) > 1 else ''
        losses = sorted(
            {key for entry in log.values() for key in entry if 'loss' in key}
        )
        for index, key in enumerate(losses):
            points = [
                (epoch, entry[key]) for epoch, entry in log.items() if key in entry
            ]
            left.plot(
                *zip(*points), styles[index % 4], color=f'C{number}', label=prefix + key
            )
        for index, metric in enumerate(('UAR', 'WAR')):
            key = f'acc/{metric}'
            scored = {e: entry[key] for e, entry in log.items() if key in entry}
            check_fractions(f'{key} of {run}', list(scored.values()))
            points = [(epoch, 100 * score) for epoch, score in scored.items()]
            if points:
                right.plot(
                    *zip(*points), styles[index], marker='o', markersize=3,
                    color=f'C{number}', label=prefix + metric,
                )  # fmt: skip
    left.set(xlabel='epoch', ylabel='training loss', yscale='log')
    right.set(xlabel='epoch', ylabel='percent')
    for axes in (left, right):
        axes.grid(alpha=0.3)
    # Below the axes, since names of runs are long.
    figure.legend(loc='outside lower center', ncols=2, fontsize='small')
    return figure
