"""Conversion of names from files to plain text.

Names of classes and paths of videos are untrusted.
"""

import re
import unicodedata

from ...utils.text import escape_cell

_MARKUP = str.maketrans('<>{}\\', '‹›()/')


def plain_text(text: str) -> str:
    r"""Convert to one line without control characters or surrogates.

    Examples:
        >>> plain_text('a\x00b\nc')
        'a b c'
    """
    kept = (' ' if unicodedata.category(c) in ('Cc', 'Cs') else c for c in text)
    return re.sub(r'\s+', ' ', ''.join(kept)).strip()


def cell_text(text: str) -> str:
    """Convert to plain text that spreadsheets do not evaluate.

    Examples:
        >>> cell_text('=1+1')
        "'=1+1"
    """
    return escape_cell(plain_text(text))


def caption_text(text: str) -> str:
    """Convert to plain text without markup of subtitle formats.

    Examples:
        >>> caption_text('<b>{x}')
        '‹b›(x)'
    """
    return plain_text(text).translate(_MARKUP)
