"""Consistency check of published tables of recalls, UAR and WAR."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ..utils import class_numbers, class_word, read_rows
from ..utils.text import read_number
from .functional import check_published_scores

#: Clips of the release by class, over all test parts. The tables of the DFEW paper
#: follow from them.
DFEW_TOTALS = (2445, 1894, 2669, 2173, 1469, 145, 902)


class PublishedRow(NamedTuple):
    """One row of a table, as printed.

    Attributes:
        name (str): Name of the method.
        recalls (list[str]): Recall of each class, in the order of the classes.
        uar (str): UAR.
        war (str): WAR.
        where (str): File and row, for messages.
    """

    name: str
    recalls: list[str]
    uar: str
    war: str
    where: str


def read_published_table(
    path: str | Path, classes: Sequence[str]
) -> list[PublishedRow]:
    """Read a CSV with a column for each class, ``UAR`` and ``WAR``, in any order.

    Args:
        path (str | Path): The CSV. The first other column is the name of the row;
            further ones are ignored.
        classes (Sequence[str]): Names of the classes; synonyms and either case are
            accepted.

    Raises:
        ValueError: If a column is missing or duplicate, or a row has another number of
            cells. The message names the file and the row.
    """
    (line, header), *rows = read_rows(path)
    wanted = [*class_numbers(classes), 'uar', 'war']
    words = [class_word(cell) for cell in header]
    problems = [f'no column {word}' for word in wanted if word not in words]
    problems += [f'two columns {word}' for word in wanted if words.count(word) > 1]
    if problems:
        raise ValueError(
            f'{path}, row {line}: {", ".join(problems)}. Expected a name, the classes '
            f'{", ".join(classes)}, UAR and WAR; found {", ".join(header)}.'
        )
    places = [words.index(word) for word in wanted]
    names = [i for i in range(len(header)) if i not in places]
    found = []
    for number, cells in rows:
        where = f'{path}, row {number}'
        if len(cells) != len(header):
            raise ValueError(
                f'{where}: expected {len(header)} cells, found {len(cells)}'
            )
        *recalls, uar, war = (cells[i].strip() for i in places)
        name = cells[names[0]].strip() if names else f'row {number}'
        found.append(PublishedRow(name, recalls, uar, war, where))
    if not found:
        raise ValueError(f'{path}: no row below the header')
    return found


def verdicts(
    rows: Sequence[PublishedRow],
    classes: Sequence[str],
    totals: Sequence[int],
    decimals: int = 2,
) -> list[dict[str, str]]:
    """Check each row, see :func:`check_published_scores`.

    Args:
        rows (Sequence[PublishedRow]): Rows of :func:`read_published_table`.
        classes (Sequence[str]): Names of the classes.
        totals (Sequence[int]): Clips of each class.
        decimals (int): Printed digits after the point. Defaults to 2.

    Returns:
        list[dict[str, str]]: ``name``, computed and printed ``UAR`` and ``WAR``,
        ``follows`` (``'yes'``, ``'NO'``, or ``'no count gives this'`` if the scores
        follow from recalls that no number of clips can have), and the classes with such
        recalls.

    Raises:
        ValueError: If a cell is not a percentage with ``decimals`` digits. The message
            names file and row.
    """
    table = []
    for row in rows:
        try:
            *recalls, uar, war = (
                _percent(text, decimals) for text in (*row.recalls, row.uar, row.war)
            )
            found = check_published_scores(recalls, totals, uar, war, decimals)
        except ValueError as error:
            raise ValueError(f'{row.where}: {error}') from error
        impossible = [
            f'{name} {recall} % of {total}'
            for name, recall, total, possible in zip(
                classes, row.recalls, totals, found['recalls_possible']
            )
            if not possible
        ]
        follows = found['uar_follows'] and found['war_follows']
        yes = 'no count gives this' if impossible else 'yes'
        table.append(
            {
                'name': row.name,
                'UAR': f'{found["UAR"]:.{decimals + 1}f}, printed {row.uar}',
                'WAR': f'{found["WAR"]:.{decimals + 1}f}, printed {row.war}',
                'follows': yes if follows else 'NO',
                'no count gives': ', '.join(impossible) or '-',
            }
        )
    return table


def _percent(text: str, decimals: int) -> float:
    number = text.removesuffix('%').strip()
    digits = len(number.partition('.')[2])
    try:
        value = read_number(number)
    except ValueError:
        raise ValueError(f"expected a number in percent, found '{text}'") from None
    if digits > decimals:
        raise ValueError(
            f"'{text}' has {digits} digits after the point, expected {decimals}: give "
            f'`--decimals {digits}`'
        )
    return value
