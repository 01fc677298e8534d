"""The files that docs/own_loss.md shows do what it says."""

import re
from pathlib import Path

import pytest
import torch
from mmaction.structures import ActionDataSample
from mmengine.config import Config

from dfew_mmaction.models import C3DHead

DOC = Path(__file__).resolve().parents[2] / 'docs' / 'own_loss.md'


@pytest.fixture
def head(tmp_path, monkeypatch):
    module, config = re.findall(r'```python\n(.*?)```', DOC.read_text(), re.S)
    (tmp_path / 'my_losses.py').write_text(module)
    (tmp_path / 'own.py').write_text(config)
    monkeypatch.syspath_prepend(tmp_path)
    written = Config.fromfile(tmp_path / 'own.py')  # imports what it names
    return C3DHead(in_channels=8, **written.model.cls_head)


def test_the_loss_is_minimised_and_its_figure_logged(head):
    torch.manual_seed(0)
    x = torch.randn(6, 8).relu().requires_grad_()
    samples = [ActionDataSample().set_gt_label(i % 3) for i in range(6)]
    losses = head.loss(x, samples)
    assert {name for name in losses if 'loss' in name} == {'loss_cls', 'loss_spread'}
    points = x.detach().numpy()
    middle = points.mean(axis=0)
    away = [
        ((points[[c, c + 3]].mean(axis=0) - middle) ** 2).sum() ** 0.5 for c in range(3)
    ]
    expected = 0.5 / (1 + sum(away) / 3)
    assert losses['loss_spread'].item() == pytest.approx(expected, rel=1e-5)
    norms = [(row**2).sum() ** 0.5 for row in points]
    assert losses['feature_norm'].item() == pytest.approx(sum(norms) / 6, rel=1e-5)
    losses['loss_spread'].backward()
    assert x.grad.isfinite().all() and x.grad.abs().sum() > 0
