"""Mini-batches of P classes with K clips each."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from mmaction.registry import DATA_SAMPLERS
from mmengine.dist import get_dist_info
from torch.utils.data import Sampler


@DATA_SAMPLERS.register_module()
class ClassBalancedBatchSampler(Sampler):
    """Mini-batches of P classes with K clips each, for losses that compare clips.

    Among 24 random clips of DFEW, the rarest class usually has no pair. In a config, in
    addition to the usual ``sampler``, which provides data set, seed and epoch::

        train_dataloader = dict(
            batch_size=24,
            sampler=dict(type='DefaultSampler', shuffle=True),
            batch_sampler=dict(type='ClassBalancedBatchSampler', classes_per_batch=6))

    K is ``batch_size / P``, here 4. Classes are drawn equally often, independent of
    their size: each one is used once before any is used again. The same holds for the
    clips of a class. Within an epoch the numbers of uses of two classes, or of two
    clips of a class, differ by at most one. A batch holds a clip twice only if its
    class has fewer than K clips.

    An epoch has ``clips // (batch_size x processes)`` mini-batches in each process: as
    many clips as the data set, except for a remainder. Clips of small classes therefore
    occur several times in an epoch, and some clips of large classes do not occur. The
    sequence of mini-batches depends only on seed and epoch; each of n processes takes
    every n-th one.

    Args:
        sampler (Sampler): Provides ``dataset``, ``seed`` and ``epoch``, as MMEngine's
            ``DefaultSampler``; its order of clips is not used.
        batch_size (int): Clips in a mini-batch of one process, P x K.
        classes_per_batch (int, optional): P. Defaults to None: all classes that have
            clips.

    Raises:
        ValueError: If P is not from 1 to the number of classes with clips, the batch
            size is not a multiple of P, the data set is smaller than one mini-batch per
            process, or clips have no single class.
        TypeError: If the sampler has no seed and epoch.
    """

    def __init__(
        self, sampler: Any, batch_size: int, classes_per_batch: int | None = None
    ) -> None:
        lacking = [n for n in ('dataset', 'seed', 'epoch') if not hasattr(sampler, n)]
        if lacking:
            raise TypeError(
                'ClassBalancedBatchSampler needs data set, seed and epoch of the '
                f'sampler, but {type(sampler).__name__} lacks {", ".join(lacking)}'
                ": set sampler=dict(type='DefaultSampler')"
            )
        self.sampler, self.batch_size = sampler, batch_size
        self.clips = clips_by_class(sampler.dataset)
        classes = len(self.clips)
        self.classes_per_batch = (
            classes if classes_per_batch is None else classes_per_batch
        )
        if not 1 <= self.classes_per_batch <= classes:
            raise ValueError(
                f'classes_per_batch must be from 1 to {classes}, the number of classes '
                f'with clips, got {self.classes_per_batch}'
            )
        self.clips_per_class, left = divmod(batch_size, self.classes_per_batch)
        if left or not self.clips_per_class:
            raise ValueError(
                f'batch_size must be a multiple of classes_per_batch, got {batch_size} '
                f'and {self.classes_per_batch}: set one of them'
            )
        self.rank, self.world_size = get_dist_info()
        self._length = len(sampler.dataset) // (batch_size * self.world_size)
        if not self._length:
            raise ValueError(
                f'{len(sampler.dataset)} clips do not fill one mini-batch of '
                f'{batch_size} in each of {self.world_size} process(es): lower '
                'batch_size, or wrap the data set in RepeatDataset'
            )

    def __len__(self) -> int:
        """Number of mini-batches of this process in an epoch."""
        return self._length

    def __iter__(self) -> Iterator[list[int]]:
        """Yield this process's mini-batches of the epoch, as indices of clips."""
        rng = np.random.default_rng([self.seed, self.sampler.epoch])
        classes = _Deck(list(self.clips), rng)
        decks = {label: _Deck(clips, rng) for label, clips in self.clips.items()}
        for number in range(self._length * self.world_size):
            batch = [
                clip
                for label in classes.deal(self.classes_per_batch)
                for clip in decks[label].deal(self.clips_per_class)
            ]
            if number % self.world_size == self.rank:
                yield batch

    # `EpochSeedHook` sets the seed here, MMEngine the epoch in the sampler inside.
    @property
    def seed(self) -> int:
        """Seed of the run."""
        return self.sampler.seed

    @seed.setter
    def seed(self, seed: int) -> None:
        self.sampler.seed = seed

    def set_epoch(self, epoch: int) -> None:
        """Set the number of the epoch, from 0."""
        self.sampler.set_epoch(epoch)


def clips_by_class(dataset: Any) -> dict[int, list[int]]:
    """Indices of the clips by class, without loading clips.

    Args:
        dataset (BaseDataset): Its ``get_data_info(index)`` contains ``label``;
            MMEngine's wrappers pass it on.

    Returns:
        dict[int, list[int]]: In the order of the classes.

    Raises:
        ValueError: If a label is missing or not a class from 0.
    """
    clips: dict[int, list[int]] = {}
    for index in range(len(dataset)):
        try:
            label = dataset.get_data_info(index)['label']
        except (AttributeError, KeyError) as error:
            raise ValueError(
                f"{type(dataset).__name__} has no get_data_info({index})['label'], by "
                'which clips are drawn by class: remove the batch_sampler'
            ) from error
        if np.ndim(label):
            raise ValueError(
                f'clip {index} has the label {label!r}: to draw clips by class, each '
                'needs one class, as an integer'
            )
        if label < 0:
            raise ValueError(
                f'clip {index} has no single label: clips cannot be drawn by class '
                'with unlabelled=True in the data set'
            )
        clips.setdefault(int(label), []).append(index)
    return {label: clips[label] for label in sorted(clips)}


class _Deck:
    """Items that are drawn until all are used, then shuffled again."""

    def __init__(self, cards: Sequence[int], rng: np.random.Generator) -> None:
        self._cards, self._rng = list(cards), rng
        self._left: list[int] = []

    def deal(self, number: int) -> list[int]:
        hand: list[int] = []
        while len(hand) < number:
            if not self._left:
                shuffled = self._rng.permutation(self._cards).tolist()
                # Drawn from the end: items that were already drawn come last.
                self._left = sorted(shuffled, key=lambda card: card not in hand)
            hand.append(self._left.pop())
        return hand
