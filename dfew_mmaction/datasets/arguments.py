"""Checks of arguments of data sets."""

from numbers import Integral
from typing import Any


def check_fold(fold: Any, has_folds: bool, name: str) -> None:
    """Check that a fold suits the set: a whole number from 1, or None."""
    if not has_folds and fold is not None:
        raise ValueError(f'{name} has no folds: omit `fold`, got {fold!r}')
    whole = isinstance(fold, Integral) and not isinstance(fold, bool)
    if has_folds and (not whole or fold < 1):
        raise ValueError(f'fold must be a whole number from 1, got {fold!r}')


def check_choice(name: str, value: Any, allowed: tuple) -> None:
    """Refuse a value that is not allowed."""
    if value not in allowed:
        raise ValueError(f'{name} must be one of {allowed}, got {value!r}')
