"""What the sets distinguish, each class by its word."""

from collections.abc import Mapping, Sequence

#: The seven basic emotions, in the order of the release's labels 1 to 7. The other
#: sets with seven classes are read in the same order.
CLASSES = ('happy', 'sad', 'neutral', 'angry', 'surprise', 'disgust', 'fear')
#: Those of MAFW: the seven, then its own four.
MAFW_CLASSES = (*CLASSES, 'contempt', 'anxiety', 'helplessness', 'disappointment')

# What lists and folders say for the same.
_SYNONYMS = {
    'happiness': 'happy', 'sadness': 'sad', 'anger': 'angry', 'surprised': 'surprise',
    'disgusted': 'disgust', 'fearful': 'fear',
}  # fmt: skip


def class_word(text: str) -> str:
    """The word by which a class is compared, whatever a list makes of it.

    Args:
        text (str): Name of a class; that of a compound one joins its parts by ``_``.

    Returns:
        str: Lower case, with the words of :data:`MAFW_CLASSES` for their synonyms.

    Examples:
        >>> class_word('Happiness'), class_word('anger_disgust'), class_word('Joy')
        ('happy', 'angry_disgust', 'joy')
    """
    parts = text.strip().lower().split('_')
    return '_'.join(_SYNONYMS.get(part, part) for part in parts)


def class_numbers(classes: Sequence[str]) -> dict[str, int]:
    """Label from 0 by the word of each class.

    Raises:
        ValueError: If there is none, or two are the same class.
    """
    numbers: dict[str, int] = {}
    for label, name in enumerate(classes):
        first = numbers.setdefault(class_word(name), label)
        if first != label:
            raise ValueError(
                f"classes name the same twice: '{classes[first]}' and '{name}'"
            )
    if not numbers:
        raise ValueError('classes must name at least one class')
    return numbers


def renamed(
    classes: Sequence[str], mapping: Mapping[str, str] | None = None
) -> Sequence[str]:
    """Words of some classes, those in a mapping by what it says instead."""
    words = {class_word(a): class_word(b) for a, b in (mapping or {}).items()}
    return tuple(words.get(class_word(name), class_word(name)) for name in classes)
