"""JSON files, checked when they are read."""

import json
from pathlib import Path
from typing import Any

from .error_sentences import reading


def read_json(path: str | Path, what: str, shape: Any) -> Any:
    """Read a JSON file and check its content.

    Args:
        path (str | Path): The file.
        what (str): What it must be, for the message.
        shape: See :func:`check_shape`.

    Raises:
        OSError: If it cannot be opened.
        ValueError: If it is not JSON, or its content differs from ``shape``. The
            message names the file and the place.
    """
    with reading(path, what):
        content = read_json_text(Path(path).read_text(encoding='utf-8'))
        check_shape(content, shape)
    return content


def read_json_text(text: str) -> Any:
    """Parse JSON; a text that is nested without end is a ``ValueError`` as well."""
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError('its brackets are nested too deeply') from error


def check_shape(value: Any, shape: Any, place: str = 'the content') -> None:
    """Check the types of the parts of parsed JSON.

    Args:
        value: Parsed JSON.
        shape: A type, of which ``float`` means a finite number and ``object`` anything;
            a tuple of alternatives; a list with the shape of all items; or a dict with
            the shapes of its values by key, where the key ``str`` stands for all keys.
        place (str): Where the value is, for the message.

    Raises:
        ValueError: If a part is missing or of another type; the message names it.

    Examples:
        >>> check_shape({'a': [1]}, {'a': [str]})
        Traceback (most recent call last):
        ValueError: the content.a[0]: expected text, found 1
    """
    if isinstance(shape, dict):
        _expect(isinstance(value, dict), 'an object', value, place)
        for key, part in shape.items():
            _expect(key is str or key in value, f'the key {key!r}', value, place)
            for name in value if key is str else [key]:
                check_shape(value[name], part, f'{place}.{name}')
    elif isinstance(shape, list):
        _expect(isinstance(value, list), 'a list', value, place)
        for number, item in enumerate(value):
            check_shape(item, shape[0], f'{place}[{number}]')
    else:
        kinds = shape if isinstance(shape, tuple) else (shape,)
        names = ' or '.join(_NAMES[kind] for kind in kinds)
        _expect(any(_is_a(value, kind) for kind in kinds), names, value, place)


_NAMES = {
    str: 'text', int: 'a whole number', float: 'a number', bool: 'true or false',
    None: 'null', object: 'anything',
}  # fmt: skip


def _is_a(value: Any, kind: Any) -> bool:
    if kind in (None, object):
        return kind is object or value is None
    if isinstance(value, bool) or kind is bool:
        return isinstance(value, bool) and kind is bool
    if kind is float:
        return isinstance(value, (int, float)) and abs(value) <= 1e300  # not NaN
    return isinstance(value, kind) and (kind is not int or abs(value) < 2**63)


def _expect(right: bool, what: str, value: Any, place: str) -> None:
    if not right:
        text = repr(value)
        found = text if len(text) <= 60 else f'{text[:60]}…'
        raise ValueError(f'{place}: expected {what}, found {found}')
