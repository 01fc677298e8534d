"""Clips of a part of a fold, and their votes."""

from collections.abc import Mapping
from typing import TypeVar

import numpy as np

from ...utils import CLASSES
from .layout import DFEWLayout
from .split_csv import read_split_csv

Clip = TypeVar('Clip', int, str)


def read_part(
    layout: DFEWLayout, fold: int | None, split: str, val_fraction: float = 0.0
) -> dict[int, int]:
    """Read the clips of one part of a fold.

    Args:
        layout (DFEWLayout): The tree.
        fold (int): Number of the fold, from 1.
        split (str): ``'train'``, ``'val'`` or ``'test'``.
        val_fraction (float): Share of the training list that is ``'val'``.

    Returns:
        dict[int, int]: Clip number to label from 0.

    Raises:
        FileNotFoundError: If a list is missing.
        ValueError: If a list is malformed or shares a clip with the other part.
    """
    part, others = ('test', 'train') if split == 'test' else ('train', 'test')
    path = layout.split_file(part, fold)
    listed = read_split_csv(path, len(CLASSES))
    other = layout.split_file(others, fold)
    both = sorted(listed.keys() & read_split_csv(other, len(CLASSES)).keys())
    if both:
        raise ValueError(
            f'{path}: clip {both[0]} is also in {other}'
            + (f', and so are {len(both) - 1} more' if both[1:] else '')
            + '. Train and test must be disjoint: copy the lists again.'
        )
    if part == 'train' and val_fraction:
        held_out = stratified_holdout(listed, val_fraction)
        return {
            number: label
            for number, label in listed.items()
            if (number in held_out) == (split == 'val')
        }
    return listed


def stratified_holdout(listed: Mapping[Clip, int], fraction: float) -> set[Clip]:
    """Choose clips of a training list for validation, stratified by class.

    Args:
        listed (Mapping[int | str, int]): Clip number or name to label.
        fraction (float): Share of each class, in (0, 1).

    Returns:
        set[int | str]: ``max(1, round(fraction * n))`` clips of a class of n, none of a
        class of one clip. They depend only on the list and the fraction.
    """
    chosen: set[Clip] = set()
    for label in sorted(set(listed.values())):
        numbers = sorted(number for number in listed if listed[number] == label)
        if len(numbers) > 1:
            order = np.random.default_rng([label, len(numbers)]).permutation(numbers)
            count = min(max(1, round(fraction * len(numbers))), len(numbers) - 1)
            chosen.update(order[:count].tolist())
    return chosen


def read_distributions(layout: DFEWLayout) -> dict[int, np.ndarray]:
    """Read the vote shares of all clips, with or without a single label.

    Args:
        layout (DFEWLayout): The tree.

    Returns:
        dict[int, np.ndarray]: Clip number to float32 of shape (7,), whose sum is 1.

    Raises:
        FileNotFoundError: If there is no table of votes.
        ValueError: If it is malformed.
    """
    from ...annotations import read_votes  # imports pandas, which takes long

    votes = read_votes(layout.annotation_file(), num_votes=0)
    shares = votes.to_numpy(np.float32)
    shares = shares / shares.sum(axis=1, keepdims=True)
    return dict(zip(votes.index.tolist(), shares))


def unlisted(
    layout: DFEWLayout, fold: int | None, clips: Mapping[int, object]
) -> set[int]:
    """Clips that are in neither list of a fold."""
    listed: set[int] = set()
    for part in ('train', 'test'):
        listed |= read_split_csv(layout.split_file(part, fold), len(CLASSES)).keys()
    return clips.keys() - listed
