"""One of several processes, each seeded by `--diff-rank-seed`; run by `run_group`."""

import sys
from pathlib import Path
from types import SimpleNamespace

import torch
from mmengine.dataset import DefaultSampler
from mmengine.runner.utils import set_random_seed
from torch.utils.data import DataLoader

from dfew_mmaction.engine.hooks import EpochSeedHook


class Clips(list):
    def set_epoch(self, epoch, seed):
        self.draw = (epoch, seed)


if __name__ == '__main__':
    torch.distributed.init_process_group('gloo')
    rank = torch.distributed.get_rank()
    seed = set_random_seed(5, diff_rank_seed=True)
    clips = Clips(range(10))
    sampler = DefaultSampler(clips, shuffle=True, seed=seed)
    loader = DataLoader(clips, sampler=sampler)
    runner = SimpleNamespace(seed=seed, epoch=3, train_dataloader=loader)
    hook = EpochSeedHook()
    hook.before_train(runner)
    hook.before_train_epoch(runner)
    hook.before_train_iter(runner, 0)
    noise = torch.rand(1).item()
    seen = dict(clips=list(sampler), draw=clips.draw, noise=noise)
    torch.save(seen, Path(sys.argv[1], f'{rank}.pt'))
    torch.distributed.destroy_process_group()
