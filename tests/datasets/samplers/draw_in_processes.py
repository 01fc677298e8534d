"""One of several processes that draw mini-batches; run by `run_group`."""

import sys
from pathlib import Path

import torch
from mmengine.dataset import DefaultSampler

from dfew_mmaction.datasets import ClassBalancedBatchSampler


class Clips(list):
    def get_data_info(self, index):
        return dict(label=self[index])


if __name__ == '__main__':
    folder = Path(sys.argv[1])
    torch.distributed.init_process_group('gloo')
    rank = torch.distributed.get_rank()
    sampler = DefaultSampler(Clips(torch.load(folder / 'labels.pt')), seed=5)
    batches = ClassBalancedBatchSampler(sampler, batch_size=8, classes_per_batch=2)
    drawn = []
    for epoch in range(2):
        sampler.set_epoch(epoch)
        drawn.append(list(batches))
        assert len(drawn[-1]) == len(batches)
    torch.save(drawn, folder / f'{rank}.pt')
    torch.distributed.destroy_process_group()
