"""Escaping of names for terminals and spreadsheets."""

import os
import re

#: Beginnings that spreadsheets evaluate.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
#: Invisible characters inside words of Persian and Indic scripts, and of emoji.
JOINERS = '\u200c\u200d'
_NUMBER = re.compile(
    r'[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?|[+-]?(nan|inf)', re.I
)


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would evaluate a cell that is not a number.

    Examples:
        >>> [is_formula(text) for text in ('=1+1', '+1+cmd|a', '-1.5', 'a=b')]
        [True, True, False, False]
    """
    return bool(re.match(r'[=+\-@\t\r]', text)) and not _NUMBER.fullmatch(text)


def read_number(text: str) -> float:
    """Read a number from a cell; ``float`` also takes ``1_0`` and digits of any script.

    Raises:
        ValueError: If it is not a number. NaN and infinity are.

    Examples:
        >>> read_number(' -1.5e3 ')
        -1500.0
    """
    if not _NUMBER.fullmatch(text.strip()):
        raise ValueError(f'{text!r} is not a number')
    return float(text)


def escape_cell(text: str) -> str:
    """Put an apostrophe before a formula, so that spreadsheets show it as text.

    :func:`unescape_cell` restores any text.

    Examples:
        >>> escape_cell('=1+1'), escape_cell('-0.5'), escape_cell("'=1")
        ("'=1+1", '-0.5', "''=1")
    """
    if _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def unescape_cell(text: str) -> str:
    """Undo :func:`escape_cell`.

    Examples:
        >>> unescape_cell("'=1+1"), unescape_cell('=1+1'), unescape_cell("'a")
        ('=1+1', '=1+1', "'a")
    """
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def is_printable(text: str) -> bool:
    r"""Whether text has no control characters; :data:`JOINERS` are none.

    Examples:
        >>> is_printable('a\u200db'), is_printable('a\u202eb')
        (True, False)
    """
    return all(c.isprintable() or c in JOINERS for c in text)


def printable(text: str) -> str:
    r"""Replace control characters, which could change what a terminal shows.

    Line breaks are kept.

    Examples:
        >>> printable('a\x1b[2Jb')
        'a\\x1b[2Jb'
    """
    return ''.join(
        c if is_printable(c) or c == '\n' else c.encode('unicode_escape').decode()
        for c in text
    )


def is_utf8(path: str | os.PathLike) -> bool:
    r"""Whether a file name is valid UTF-8; file systems allow others.

    Examples:
        >>> is_utf8('é.mp4'), is_utf8('\udcff.mp4')
        (True, False)
    """
    return os.fsencode(path).decode('utf-8', 'replace') == os.fspath(path)


def figure_text(text: str) -> str:
    r"""Escape text for matplotlib, which reads text between dollar signs as a formula.

    Examples:
        >>> print(figure_text('$a$'))
        \$a\$
    """
    return printable(text).replace('$', r'\$')
