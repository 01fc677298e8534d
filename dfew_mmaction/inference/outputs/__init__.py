"""Output files of a prediction."""

from . import captions, elan, praat, tables
from .formats import ALWAYS, FORMATS, check_formats, write_formats

#: Names of the optional formats.
ADDED_FORMATS = tuple(name for name in FORMATS if name not in ALWAYS)

__all__ = [
    'ADDED_FORMATS',
    'FORMATS',
    'captions',
    'check_formats',
    'elan',
    'praat',
    'tables',
    'write_formats',
]
