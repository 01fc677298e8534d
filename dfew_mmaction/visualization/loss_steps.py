"""Features in the plane before and after steps of a loss."""

from typing import Mapping, Sequence, Tuple

import numpy as np
from matplotlib.figure import Figure

MARKERS = 'osD^vP*'


def plot_loss_steps(
    states: Mapping[str, Tuple[np.ndarray, np.ndarray]], labels: Sequence[int]
) -> Figure:
    """Draw states of a mini-batch side by side, on the same axes.

    Args:
        states (Mapping): Title to features and arrows on them, both of shape (n, 2).
            Arrows of all panels have one scale: the longest is a fifth of the axes.
        labels (Sequence[int]): Class of each sample, from 0, n of them.

    Returns:
        matplotlib.figure.Figure: Not shown, not known to pyplot.

    Raises:
        ValueError: For features that do not lie in the plane.
    """
    labels = np.asarray(labels)
    for title, pair in states.items():
        for values in pair:
            if np.shape(values) != (len(labels), 2):
                raise ValueError(
                    f'{title}: expected shape ({len(labels)}, 2), '
                    f'got {np.shape(values)}'
                )
    reach = 1.1 * max(np.abs(features).max() for features, _ in states.values())
    longest = max(np.linalg.norm(a, axis=1).max() for _, a in states.values()) or 1.0
    figure = Figure(figsize=(3.6 * len(states), 3.9), layout='constrained')
    panels = figure.subplots(1, len(states), sharex=True, sharey=True, squeeze=False)
    for axes, (title, (features, arrows)) in zip(panels[0], states.items()):
        ends = features + arrows / longest * reach * 0.4
        for begin, end in zip(features, ends):
            axes.annotate(
                '', end, begin, zorder=1,
                arrowprops=dict(
                    arrowstyle='->', color='0.45', lw=1, shrinkA=0, shrinkB=0
                ),
            )  # fmt: skip
        for c in np.unique(labels):
            mine = features[labels == c]
            axes.scatter(
                *mine.T, color=f'C{c}', marker=MARKERS[c % len(MARKERS)], s=34,
                edgecolor='white', linewidth=0.6, zorder=2,
                label=f'{len(mine)} samples',
            )  # fmt: skip
        axes.set(
            title=title, xlim=(-reach, reach), ylim=(-reach, reach), aspect='equal'
        )
        axes.tick_params(labelsize=8)
    panels[0][0].legend(fontsize=8, loc='lower right')
    return figure
