"""Docstrings are written with Sphinx's roles; the site reads Markdown."""

import re
from typing import Any

from griffe import Extension, Object

ROLE = re.compile(r':(class|func|meth|data|attr|mod):`[~.]*([\w.]+)`')
MATH = re.compile(r'^\.\. math::\n((?:[ \t]+\S.*\n?|\n(?=[ \t]))+)', re.M)


def to_markdown(text: str) -> str:
    r"""Roles become code or formulas, ``.. math::`` and ``::`` blocks Markdown's.

    Examples:
        >>> to_markdown('See :func:`.read_votes`, of :math:`n` votes::\n\n    a')
        'See `read_votes`, of $n$ votes:\n\n    a'
        >>> print(to_markdown('.. math::\n    a +\n    b\n'))
        $$
        a +
        b
        $$
        <BLANKLINE>
    """
    text = MATH.sub(
        lambda m: (
            '$$\n'
            + '\n'.join(line.strip() for line in m[1].strip().splitlines())
            + '\n$$\n'
        ),
        text,
    )
    text = re.sub(r':math:`([^`]+)`', r'$\1$', ROLE.sub(r'`\2`', text))
    return re.sub(r'::$', ':', re.sub(r'^::$', '', text, flags=re.M), flags=re.M)


class MarkdownDocstrings(Extension):
    """Gives the reader of docstrings Markdown."""

    def on_object(self, *, obj: Object, **kwargs: Any) -> None:
        """Called for each module, class, function and attribute."""
        if obj.docstring:
            obj.docstring.value = to_markdown(obj.docstring.value)
