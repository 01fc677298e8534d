"""Emotions that annotators choose for the same clip."""

import pandas as pd
from matplotlib.figure import Figure

from ..utils import check_fractions


def plot_cooccurrence(shares: pd.DataFrame, title: str = '') -> Figure:
    """Draw the result of :func:`.cooccurrence`.

    Args:
        shares (pandas.DataFrame): Shape (categories, categories), in [0, 1]; NaN is
            left blank.
        title (str): Defaults to none.

    Returns:
        matplotlib.figure.Figure: Rows are choices of one annotator, columns of another
        one, in percent of the row.

    Raises:
        ValueError: If a share is outside [0, 1].
    """
    check_fractions('shares', shares.to_numpy()[shares.notna().to_numpy()])
    names = [str(name) for name in shares.columns]
    side = 1.5 + 0.65 * len(names)
    figure = Figure(figsize=(side + 0.8, side), layout='constrained')
    axes = figure.add_subplot()
    image = axes.imshow(100 * shares.to_numpy(), cmap='Blues', vmin=0, vmax=100)
    axes.set_xticks(range(len(names)), names, rotation=45, ha='right')
    axes.set_yticks(range(len(names)), names)
    axes.set_xlabel('another annotator chose')
    axes.set_ylabel('one annotator chose')
    axes.set_title(title)
    for row, line in enumerate(shares.to_numpy()):
        for column, share in enumerate(line):
            if share == share:
                color = 'white' if share > 0.55 else 'black'
                text = f'{100 * share:.1f}'
                axes.text(column, row, text, ha='center', va='center', color=color)
    figure.colorbar(image, ax=axes, shrink=0.8, label='percent of the row')
    return figure
