"""The prior of the packaged network, on a small set."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine.runner import save_checkpoint

from dfew_mmaction.datasets import DFEWDataset

REPO = Path(__file__).resolve().parents[2]


@pytest.fixture
def set_prior():
    path = REPO / 'experiments' / 'real_faces' / 'set_prior.py'
    spec = importlib.util.spec_from_file_location('set_prior', path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_biases_expect_another_share_of_neutral(
    set_prior, demo_root, tmp_path, monkeypatch, capsys
):
    config = tmp_path / 'config.py'
    config.write_text(
        f"train_dataloader = dict(dataset=dict(type='DFEWDataset', "
        f'data_root={str(demo_root)!r}, fold=1))'
    )
    old = {'cls_head.fc_cls.bias': torch.arange(7.0), 'other': torch.ones(2)}
    save_checkpoint({'meta': {}, 'state_dict': old}, str(tmp_path / 'in.pth'))
    monkeypatch.setattr(
        sys, 'argv',
        ['set_prior.py', str(config), str(tmp_path / 'in.pth'),
         str(tmp_path / 'out.pth'), '--neutral', '0.4'],
    )  # fmt: skip
    set_prior.main()
    assert 'in training, now 40%' in capsys.readouterr().out
    new = torch.load(tmp_path / 'out.pth', weights_only=True)['state_dict']
    data = DFEWDataset(demo_root, fold=1)
    counts = np.bincount([data.get_data_info(i)['label'] for i in range(len(data))])
    change = (new['cls_head.fc_cls.bias'] - old['cls_head.fc_cls.bias']).exp().numpy()
    shares = change * counts / counts.sum()
    assert np.isclose(shares.sum(), 1) and np.isclose(shares[2], 0.4)
    others = np.delete(change, 2)
    assert np.allclose(others, others[0]) and torch.equal(new['other'], old['other'])
