"""One of several processes with a part of each mini-batch; run by `run_group`."""

import sys
from pathlib import Path

import torch
from torch.nn.parallel import DistributedDataParallel

from dfew_mmaction.models import CenterLoss


class Net(torch.nn.Module):
    def __init__(self, **kwargs):
        super().__init__()
        self.layer, self.loss = torch.nn.Linear(3, 4), CenterLoss(3, 4, 1.0, **kwargs)

    def forward(self, x, y):
        return self.loss(self.layer(x), y)


def train(given, rank):
    net = Net()
    net.load_state_dict(given['state_dict'])
    # With and without rank 0's buffers being sent to the others before each forward.
    wrapped = DistributedDataParallel(net, broadcast_buffers=given['broadcast'])
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for x, y, ends in given['batches']:
        part = slice(*ends[rank : rank + 2])
        optimizer.zero_grad()
        wrapped(x[part], y[part]).backward()
        optimizer.step()
    return net.state_dict()


if __name__ == '__main__':
    folder = Path(sys.argv[1])
    torch.distributed.init_process_group('gloo')
    rank = torch.distributed.get_rank()
    # In a function: what holds the group has to be gone before the group is.
    torch.save(train(torch.load(folder / 'given.pt'), rank), folder / f'{rank}.pt')
    torch.distributed.barrier()
    torch.distributed.destroy_process_group()
