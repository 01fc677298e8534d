"""Random numbers that depend only on the seed and the epoch."""

import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from mmaction.registry import HOOKS
from mmengine.dist import broadcast, get_rank
from mmengine.hooks import Hook


@HOOKS.register_module()
class EpochSeedHook(Hook):
    """Seed each training epoch, so that a resumed run equals an uninterrupted run.

    MMEngine seeds once at the start: a run that is resumed at epoch 5 draws other
    dropout masks and augmentations than a run that continues from epoch 4, and the
    order of the clips follows the seed of the new process. Before each epoch this hook

    - seeds Python, numpy and torch with (seed, epoch, rank);
    - sets the seed of the sampler to that of the first process, also in a resumed run.
      With ``--diff-rank-seed`` the other processes have other seeds, with which they
      would draw overlapping shares of the data;
    - calls ``set_epoch(epoch, seed)`` of data sets that have it, such as
      :class:`DFEWDataset`, so that the augmentation of each clip does not depend on the
      number of workers.
    """

    priority = 'VERY_HIGH'

    def before_train(self, runner: Any) -> None:
        """Share the seed of the first process."""
        seed = torch.tensor(runner.seed)
        broadcast(seed)
        self._seed = int(seed)

    def before_train_epoch(self, runner: Any) -> None:
        """Seed the sampler and the data sets."""
        loader = runner.train_dataloader
        for sampler in (loader.sampler, loader.batch_sampler):
            if hasattr(sampler, 'seed') and hasattr(sampler, 'set_epoch'):
                sampler.seed = self._seed
        for dataset in innermost(loader.dataset):
            if hasattr(dataset, 'set_epoch'):
                dataset.set_epoch(runner.epoch, self._seed)

    def before_train_iter(
        self, runner: Any, batch_idx: int, data_batch: Any = None
    ) -> None:
        """Seed the random numbers of the training."""
        # Not earlier, because a data loader draws a number when it starts its workers,
        # and it starts them in the first epoch of a process only.
        if batch_idx == 0:
            key = [self._seed, runner.epoch, get_rank()]
            state = int(np.random.SeedSequence(key).generate_state(1)[0])
            random.seed(state)
            np.random.seed(state)
            torch.manual_seed(state)


def innermost(dataset: Any) -> Iterator[Any]:
    """Yield the data sets inside wrappers such as ``ConcatDataset``."""
    inside = getattr(dataset, 'datasets', None) or getattr(dataset, 'dataset', None)
    if inside is None:
        yield dataset
    else:
        for one in inside if isinstance(inside, (list, tuple)) else [inside]:
            yield from innermost(one)
