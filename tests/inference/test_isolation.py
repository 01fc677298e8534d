"""Actions that are refused while the network of a model file is built."""

import os
import socket
import subprocess
import sys
import threading

import pytest
import torch
from mmaction.registry import MODELS
from torch import nn

from dfew_mmaction.inference.classifiers.torch_classifier import TorchClassifier
from dfew_mmaction.inference.model_files.isolation import IsolationError, isolated
from dfew_mmaction.inference.model_files.model_file import (
    model_file_bytes,
    read_model_file,
)


def _catches(path):
    try:
        open(path).close()
    except Exception:
        pass


ACTIONS = {
    'open a file': lambda path: open(path),
    'caught': _catches,
    'os.open': lambda path: os.open(path, os.O_RDONLY),
    'write a .py': lambda path: open(f'{path}.py', 'w'),
    'change files': lambda path: os.remove(path),
    'make a folder': lambda path: os.mkdir(f'{path}.d'),
    'start a process': lambda path: subprocess.Popen(['touch', f'{path}.ran']),
    'run a command': lambda path: os.system(f'touch {path}.ran'),
    'connect': lambda path: socket.create_connection(('127.0.0.1', 9)),
    'look up a host': lambda path: socket.getaddrinfo('localhost', 80),
    'load a checkpoint': lambda path: torch.load(path),
    'load a program': lambda path: torch.jit.load(path),
    'torch.hub': lambda path: torch.hub.load_state_dict_from_url('http://localhost/x'),
}


@pytest.fixture
def eager(tmp_path):
    """A part that does something when it is built, by an option of any name."""
    target = tmp_path / 'target'
    target.write_text('1')

    @MODELS.register_module(name='Eager', force=True)
    class Eager(nn.Module):
        def __init__(self, whatever):
            super().__init__()
            ACTIONS[whatever](str(target))

    yield target
    del MODELS.module_dict['Eager']


@pytest.mark.parametrize('action', ACTIONS)
def test_side_effects_are_refused(eager, action, tmp_path):
    says = "'evil.pth' asks for a network that would"
    with pytest.raises(IsolationError, match=says):
        with isolated('evil.pth'):
            MODELS.build(dict(type='Eager', whatever=action))
    assert [p.name for p in tmp_path.iterdir()] == ['target']


def test_only_what_runs_in_isolation_is_concerned(eager):
    """Other threads are not affected, nor is this one afterwards."""
    results = []
    with isolated('some.pth'):
        entered = threading.Event()
    thread = threading.Thread(
        target=lambda: (entered.wait(), results.append(eager.read_text()))
    )
    thread.start()
    with isolated('some.pth'):
        entered.set()
        while not results:
            pass
    thread.join()
    assert results == ['1'] and eager.read_text() == '1'


def test_modules_may_be_imported(tmp_path, monkeypatch):
    """Libraries import parts of themselves when they are first used."""
    (tmp_path / 'some_lazy_module.py').write_text('VALUE = 3')
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, 'dont_write_bytecode', True)
    with isolated('some.pth'):
        import some_lazy_module
    assert some_lazy_module.VALUE == 3


@pytest.mark.parametrize(
    'place, part',
    [
        ('backbone', dict(type='OmniResNet', pretrain_2d='{file}')),
        ('backbone', dict(type='OmniResNet', pretrain_2d='http://127.0.0.1:9/x.pth')),
        ('backbone', dict(type='ResNet3d', depth=18, style='pytorch',
                          norm_cfg=dict(type='subprocess.Popen'))),
    ],
)  # fmt: skip
def test_no_option_reads_or_connects(model_file, tmp_path, place, part):
    secret = tmp_path / 'secret.pth'
    torch.save(dict(state_dict={}), secret)
    part = {
        key: value.format(file=secret) if isinstance(value, str) else value
        for key, value in part.items()
    }
    file = read_model_file(model_file)
    file.facts.network[place] = part
    path = tmp_path / 'evil.pth'
    # As much as such a network has, so that its size is no reason to refuse it.
    weights = {**file.state_dict, 'filler': torch.zeros(3 * 10**7, dtype=torch.uint8)}
    path.write_bytes(model_file_bytes(weights, file.facts))
    with pytest.raises(ValueError, match='evil.pth.* asks for'):
        TorchClassifier(None, path, 'cpu')
