"""Tables 1 and 2 of the DFEW paper for any data set."""

from collections.abc import Sequence

import pandas as pd

#: Bounds in seconds of the columns of table 2.
LENGTH_EDGES = (0.0, 2.0, 5.0)


def length_table(
    labels: pd.Series,
    seconds: pd.Series,
    classes: Sequence[str],
    *,
    edges: Sequence[float] = LENGTH_EDGES,
) -> pd.DataFrame:
    """Count clips by emotion and length, as in table 2 of the paper.

    Args:
        labels (pandas.Series): Label from 1 by clip; clips with 0 are left out.
        seconds (pandas.Series): Length in seconds of at least the labelled clips.
        classes (Sequence[str]): Names of the labels from 1.
        edges (Sequence[float]): Lower bounds of the columns in seconds; a clip of
            exactly 2 s is in ``2-5s``. Defaults to 0, 2, 5.

    Returns:
        pandas.DataFrame: Rows: the classes and ``Total``; columns: the lengths,
        ``Total`` and ``Percent``.

    Raises:
        ValueError: If a labelled clip has no length, or one below the first bound.
    """
    labels = labels[labels > 0]
    lacking = labels.index.difference(seconds.dropna().index)
    if len(lacking):
        raise ValueError(
            f'{len(lacking)} labelled clips have no length, the first is {lacking[0]}'
        )
    seconds = seconds.loc[labels.index]
    if (seconds < edges[0]).any():
        raise ValueError(f'clip {seconds.idxmin()} is {seconds.min()} s long')
    names = [f'{low:g}-{high:g}s' for low, high in zip(edges, edges[1:])]
    names.append(f'{edges[-1]:g}s+')
    bounds = [*edges, float('inf')]
    lengths = pd.cut(seconds, bounds, right=False, labels=names)
    emotions = pd.Categorical.from_codes(labels - 1, list(classes))
    table = pd.crosstab(emotions, lengths.to_numpy(), dropna=False)
    table = table.reindex(index=list(classes), columns=names, fill_value=0)
    table['Total'] = table.sum(axis=1)
    table.loc['Total'] = table.sum()
    share = table['Total'] / max(len(labels), 1)
    table['Percent'] = (100 * share).round(2)
    table.index.name = 'emotion'
    table.columns.name = None
    return table


def set_row(
    votes: pd.DataFrame, name: str, source: str = '-', *, available: str = '-'
) -> pd.DataFrame:
    """Make the row of table 1 for a set of votes.

    Args:
        votes (pandas.DataFrame): As returned by :func:`.read_votes`.
        name (str): Name of the set.
        source (str): Origin of the clips, such as ``'1500 movies'``.
        available (str): Whether the set is available to others.

    Returns:
        pandas.DataFrame: One row with the columns of table 1.
    """
    times = sorted(set(votes.sum(axis=1)))
    spread = str(times[0]) if len(times) == 1 else f'{times[0]}-{times[-1]}'
    return pd.DataFrame(
        {
            'Database': [name],
            '#Sample': [f'{len(votes):,}'],
            'Source': [source],
            'Expression Distribution': [f'{votes.shape[1]} basic expressions'],
            '#Annotation Times': [spread],
            'Available?': [available],
        }
    )
