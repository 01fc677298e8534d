"""Launchers on machines with and without a GPU."""

import socket

import pytest
import torch
from mmengine.dist import init_dist, utils
from mmengine.model import MMDistributedDataParallel

from dfew_mmaction import compat


@pytest.fixture
def launched(monkeypatch):
    """Environment of one process of one, as torchrun and srun give it."""
    given = dict(RANK=0, LOCAL_RANK=0, WORLD_SIZE=1, MASTER_ADDR='127.0.0.1')
    given.update(SLURM_PROCID=0, SLURM_LOCALID=0, SLURM_NTASKS=1, SLURM_NODELIST='n')
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        given['MASTER_PORT'] = s.getsockname()[1]
    for name, value in given.items():
        monkeypatch.setenv(name, str(value))
    yield
    if torch.distributed.is_initialized():
        torch.distributed.destroy_process_group()


@pytest.mark.skipif(torch.cuda.is_available(), reason='for machines without a GPU')
@pytest.mark.parametrize('launcher', ['pytorch', 'slurm'])
def test_processes_start_without_a_gpu(launched, launcher):
    chooses = torch.cuda.set_device
    init_dist(launcher)
    assert torch.distributed.get_backend() == 'gloo'
    assert torch.cuda.set_device is chooses
    model = MMDistributedDataParallel(torch.nn.Linear(2, 2), device_ids=[0])
    model(torch.ones(1, 2)).sum().backward()
    assert model.module.weight.grad.equal(torch.ones(2, 2))


@pytest.mark.parametrize('launcher', ['pytorch', 'slurm'])
def test_with_a_gpu_launching_is_left_alone(launched, monkeypatch, launcher):
    asked = []
    monkeypatch.setattr('mmengine.device.get_device', lambda: 'cuda')
    monkeypatch.setattr(torch.cuda, 'set_device', asked.append)
    monkeypatch.setattr(
        torch.distributed,
        'init_process_group',
        lambda backend, **_: asked.append(backend),
    )
    init_dist(launcher)
    assert asked == [0, 'nccl']


def test_launchers_are_patched_once():
    before = utils._init_dist_pytorch, MMDistributedDataParallel.__init__
    compat.apply()
    assert before == (utils._init_dist_pytorch, MMDistributedDataParallel.__init__)
