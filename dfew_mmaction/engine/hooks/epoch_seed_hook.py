"""Random numbers that depend on seed and epoch, not on what ran before."""

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
    """Seed each training epoch anew, so that a resumed run equals an undisturbed one.

    MMEngine seeds once, at the start: a run resumed at epoch 5 draws other dropout
    masks and augmentations than one that came from epoch 4, and the order of the clips
    follows the seed of the new process. Before each epoch this hook

    - seeds Python, numpy and torch by (seed, epoch, rank),
    - gives the sampler the seed of the run, that of the first process, also where it
      was resumed: by ``--diff-rank-seed`` the others have seeds of their own, with
      which they would draw overlapping shares of the data,
    - tells data sets that have ``set_epoch(epoch, seed)``, such as
      :class:`DFEWDataset`, by which each clip's augmentation is drawn, whatever the
      number of workers.
    """

    priority = 'VERY_HIGH'

    def before_train(self, runner: Any) -> None:
        """Agree on one seed."""
        seed = torch.tensor(runner.seed)
        broadcast(seed)
        self._seed = int(seed)

    def before_train_epoch(self, runner: Any) -> None:
        """Seed what loads the data."""
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
        """Seed what trains on it."""
        # Not earlier: a data loader draws a number when it starts its workers, which
        # is in the first epoch of a process only.
        if batch_idx == 0:
            key = [self._seed, runner.epoch, get_rank()]
            state = int(np.random.SeedSequence(key).generate_state(1)[0])
            random.seed(state)
            np.random.seed(state)
            torch.manual_seed(state)


def innermost(dataset: Any) -> Iterator[Any]:
    """Yield the data sets inside wrappers such as ``ConcatDataset``, or itself."""
    inside = getattr(dataset, 'datasets', None) or getattr(dataset, 'dataset', None)
    if inside is None:
        yield dataset
    else:
        for one in inside if isinstance(inside, (list, tuple)) else [inside]:
            yield from innermost(one)
