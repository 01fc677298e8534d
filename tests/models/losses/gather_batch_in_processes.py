"""One of several processes with a part of each mini-batch; run by `run_group`."""

import sys
from pathlib import Path

import torch
from torch.nn.parallel import DistributedDataParallel

import dfew_mmaction  # noqa: F401, before mmaction, which refuses newer mmcv

from mmaction.registry import MODELS  # isort: skip


class Net(torch.nn.Module):
    def __init__(self, loss):
        super().__init__()
        self.layer, self.loss = torch.nn.Linear(3, 5), MODELS.build(loss)

    def forward(self, x, y):
        return self.loss(self.layer(x).tanh(), y)


def train(case, net, part=slice(None)):
    """Of each step the loss, the gradients, and weights and buffers after it."""
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
    steps = []
    for x, y in case['batches']:
        optimizer.zero_grad()
        loss = net(x[part], y[part])
        loss.backward()
        gradients = [p.grad.clone() for p in net.parameters()]
        optimizer.step()
        after = [value.clone() for value in net.state_dict().values()]
        steps.append([loss.detach(), *gradients, *after])
    return steps


def build(case):
    net = Net(case['loss']).double()
    net.load_state_dict(case['state_dict'])
    return net


if __name__ == '__main__':
    folder = Path(sys.argv[1])
    torch.distributed.init_process_group('gloo')
    rank = torch.distributed.get_rank()
    done = [
        train(
            case, DistributedDataParallel(build(case)), slice(*case['ends'][rank:][:2])
        )
        for case in torch.load(folder / 'cases.pt')
    ]
    torch.save(done, folder / f'{rank}.pt')
    torch.distributed.barrier()
    torch.distributed.destroy_process_group()
