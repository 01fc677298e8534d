"""Statistics of section 2 of the DFEW paper for any table of votes."""

import pandas as pd

from ..annotations import (
    category_kappa,
    fleiss_kappa,
    interpret_kappa,
    length_table,
    set_row,
    single_labels,
)


def votes_report(
    votes: pd.DataFrame,
    seconds: pd.Series | None = None,
    threshold: int = 6,
    *,
    strict: bool = False,
    name: str = 'this set',
    source: str = '-',
    available: str = '-',
) -> dict:
    """Compute counts, agreement and lengths of a set of votes.

    Args:
        votes (pandas.DataFrame): As returned by :func:`.read_votes`, with the same
            number of votes in each row.
        seconds (pandas.Series, optional): Length of each clip, for table 2.
        threshold (int): Votes for a single label, see :func:`.single_labels`.
        strict (bool): Whether more than ``threshold`` votes are needed.
        name (str): Name of the set in table 1.
        source (str): Its column ``Source`` there.
        available (str): Its column ``Available?``.

    Returns:
        dict: ``table_1``, ``table_2`` (data frames; the second without lengths if
        there are none), ``kappa`` and ``category_kappa`` (by ``'all'`` and
        ``'single-labelled'``), ``clips`` and ``labelled``.
    """
    labels = single_labels(votes, threshold, strict)
    if seconds is None:
        counts = labels[labels > 0].value_counts()
        table = pd.DataFrame(index=pd.Index(votes.columns, name='emotion'))
        table['Total'] = [int(counts.get(i + 1, 0)) for i in range(votes.shape[1])]
        table.loc['Total'] = table['Total'].sum()
        share = table['Total'] / max(int(table.loc['Total', 'Total']), 1)
        table['Percent'] = (100 * share).round(2)
    else:
        table = length_table(labels, seconds, list(votes.columns))
    parts = {'all': votes, 'single-labelled': votes[labels > 0]}
    parts = {part: rows for part, rows in parts.items() if len(rows)}
    return dict(
        clips=len(votes),
        labelled=int((labels > 0).sum()),
        table_1=set_row(votes, name, source, available=available),
        table_2=table,
        kappa={part: fleiss_kappa(rows) for part, rows in parts.items()},
        category_kappa={part: category_kappa(rows) for part, rows in parts.items()},
    )


def votes_text(report: dict) -> str:
    """Format the result of :func:`votes_report` as Markdown."""
    kappas = pd.DataFrame(
        {
            'clips': [report['clips'], report['labelled']][: len(report['kappa'])],
            "Fleiss' kappa": [f'{k:.2f}' for k in report['kappa'].values()],
            'agreement': [
                interpret_kappa(k) if k == k else '-' for k in report['kappa'].values()
            ],
            **{
                name: [f'{row[name]:.2f}' for row in report['category_kappa'].values()]
                for name in report['category_kappa']['all']
            },
        },
        index=list(report['kappa']),
    )
    return '\n\n'.join(
        [
            'The set (table 1 of the paper)',
            report['table_1'].to_markdown(index=False),
            f'Single-labelled clips: {report["labelled"]} of {report["clips"]} '
            '(table 2)',
            report['table_2'].to_markdown(floatfmt='g'),
            'Agreement (equations 1 to 5, names of table 3; then each emotion against '
            'the others)',
            kappas.to_markdown(disable_numparse=True),
        ]
    )
