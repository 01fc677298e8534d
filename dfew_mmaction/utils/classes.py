"""Names of the classes of the data sets."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from numbers import Integral

from .text import JOINERS, is_formula, is_printable

#: The seven basic emotions, in the order of the release's labels 1 to 7. The other
#: sets with seven classes are read in the same order.
CLASSES = ('happy', 'sad', 'neutral', 'angry', 'surprise', 'disgust', 'fear')
#: The classes of MAFW: the same seven and four more.
MAFW_CLASSES = (*CLASSES, 'contempt', 'anxiety', 'helplessness', 'disappointment')

# Names of the same classes in lists and folders.
_SYNONYMS = {
    'happiness': 'happy', 'sadness': 'sad', 'anger': 'angry', 'surprised': 'surprise',
    'disgusted': 'disgust', 'fearful': 'fear',
}  # fmt: skip
_NO_JOINERS = dict.fromkeys(map(ord, JOINERS))


def class_word(text: str) -> str:
    """Normalise the name of a class for comparisons.

    Args:
        text (str): Name of a class; the parts of a compound class are joined by ``_``.

    Returns:
        str: In lower case, with composed accents, single spaces and no joiners;
        synonyms are replaced by the names in :data:`MAFW_CLASSES`.

    Examples:
        >>> class_word('Happiness'), class_word('anger_disgust'), class_word('Joy')
        ('happy', 'angry_disgust', 'joy')
    """
    plain = unicodedata.normalize('NFC', text.casefold())
    parts = ' '.join(plain.translate(_NO_JOINERS).split()).split('_')
    return '_'.join(_SYNONYMS.get(part, part) for part in parts)


def class_names(classes: Sequence[str | int]) -> tuple[str, ...]:
    """Check the names of classes; numbers become text.

    Args:
        classes (Sequence[str | int]): Names in the order of the labels.

    Returns:
        tuple[str, ...]: The names.

    Raises:
        ValueError: If it is not a list of names, or a name is empty, contains a control
            character such as a line break, or occurs twice.

    Examples:
        >>> class_names([0, 1, 2])
        ('0', '1', '2')
    """
    if isinstance(classes, str) or not isinstance(classes, Iterable):
        raise ValueError(
            f"classes must be a list such as ['happy', 'sad'], got {classes!r}"
        )
    names = []
    for name in classes:
        is_name = isinstance(name, (str, Integral)) and not isinstance(name, bool)
        text = str(name)
        shown = class_word(text) and is_printable(text) and not is_formula(text)
        if not is_name or not shown:
            raise ValueError(
                'a class needs a name of printable characters that is no formula of '
                f'spreadsheets (it may not begin with =, +, - or @), got {name!r} in '
                f'{list(classes)}'
            )
        if text in names:
            raise ValueError(f'class {text!r} is named twice in {list(classes)}')
        names.append(text)
    if not names:
        raise ValueError('classes must name at least one class')
    return tuple(names)


def class_numbers(classes: Sequence[str]) -> dict[str, int]:
    """Map the normalised name of each class to its label from 0.

    Raises:
        ValueError: If there is no class, or two names mean the same class.
    """
    numbers: dict[str, int] = {}
    for label, name in enumerate(class_names(classes)):
        first = numbers.setdefault(class_word(name), label)
        if first != label:
            raise ValueError(
                f"classes name the same twice: '{classes[first]}' and '{name}'"
            )
    return numbers


def renamed(
    classes: Sequence[str], mapping: Mapping[str, str] | None = None
) -> Sequence[str]:
    """Normalise class names and replace those that are in a mapping."""
    words = {class_word(a): class_word(b) for a, b in (mapping or {}).items()}
    return tuple(words.get(class_word(name), class_word(name)) for name in classes)
