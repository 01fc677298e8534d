"""Values that arguments of data sets may have."""

from numbers import Integral
from typing import Any


def check_fold(fold: Any, has_folds: bool, name: str) -> None:
    """Refuse a fold of a set without folds, and one that is no number from 1."""
    if not has_folds and fold is not None:
        raise ValueError(f'{name} has no folds: leave `fold` out, got {fold!r}')
    whole = isinstance(fold, Integral) and not isinstance(fold, bool)
    if has_folds and (not whole or fold < 1):
        raise ValueError(f'fold must be a whole number from 1, got {fold!r}')


def check_choice(name: str, value: Any, allowed: tuple) -> None:
    """Refuse a value that is not one of those allowed."""
    if value not in allowed:
        raise ValueError(f'{name} must be one of {allowed}, got {value!r}')
