"""The figure of docs/ec_stfl.md, its table and its arithmetic."""

import math
import re
import runpy

import cv2
import numpy as np
import pytest
import torch
from draw_ec_stfl import descend, plot_loss_steps, toy_batch, toy_descents

from dfew_mmaction.models import ec_stfl_loss


def equation_9(points, labels):
    above = below = 0.0
    for x, y in zip(points, labels):
        for other, label in zip(points, labels):
            share = math.dist(x, other) / labels.count(label)
            above, below = above + share * (y == label), below + share * (y != label)
    return above / below


def test_states_are_those_of_equation_9():
    labels = toy_batch()[1].tolist()
    assert [labels.count(c) for c in range(3)] == [12, 8, 4]
    for state in toy_descents().values():
        points = state.features.double().tolist()
        assert state.ec_stfl == pytest.approx(equation_9(points, labels), rel=1e-4)
        step = 1e-6
        for i, k in ((0, 0), (15, 1), (23, 0)):
            high, low = ([list(p) for p in points] for _ in range(2))
            high[i][k] += step
            low[i][k] -= step
            slope = equation_9(high, labels) - equation_9(low, labels)
            expected = pytest.approx(-slope / 2 / step, rel=2e-2, abs=1e-4)
            assert state.pull[i, k].item() == expected


def test_steps_begin_where_they_are_told_to():
    features, labels = toy_batch(seed=3)
    before = features.clone()
    assert torch.equal(descend(features, labels, 10.0, 0).features, before)
    after = descend(features, labels, 10.0, 5)
    assert torch.equal(features, before) and not torch.equal(after.features, before)


def test_the_page_shows_what_the_command_prints(repo, monkeypatch, capsys, tmp_path):
    page = (repo / 'docs' / 'ec_stfl.md').read_text()
    out = tmp_path / 'figure.png'
    tool = repo / 'docs' / 'figures' / 'draw_ec_stfl.py'
    monkeypatch.setattr('sys.argv', [str(tool), str(out)])
    with pytest.raises(SystemExit, match='^0$'):
        runpy.run_path(str(tool), run_name='__main__')
    printed = capsys.readouterr().out
    table = [re.findall(r'\d+\.\d{3}', line) for line in printed.splitlines()]
    shown = [re.findall(r'\d+\.\d{3}', line) for line in page.splitlines()]
    rows = [row for row in table if len(row) == 4]
    assert len(rows) == 3 and rows == [row for row in shown if len(row) == 4]
    # Earlier versions place texts a little differently.
    pytest.importorskip('matplotlib', minversion='3.11')
    drawn, committed = (
        cv2.imread(str(path)).astype(int)
        for path in (out, repo / 'docs' / 'images' / 'ec_stfl.png')
    )
    assert drawn.shape == committed.shape and np.abs(drawn - committed).mean() < 1


@pytest.mark.parametrize('labels', [[0, 1, 2, 3, 4, 5, 6] * 3 + [0, 0, 0], [*range(7)]])
def test_the_value_where_all_pairs_are_equally_far_apart(labels):
    n = len(labels)
    value = ec_stfl_loss(torch.eye(n), torch.tensor(labels)).item()
    assert value == pytest.approx((n - 7) / (n * 6), abs=1e-6)
    if n == 24:
        assert f'{value:.3f}' == '0.118'


def test_features_outside_the_plane_are_refused():
    with pytest.raises(ValueError, match=r'before: expected shape \(2, 2\), got'):
        plot_loss_steps({'before': (np.zeros((2, 3)), np.zeros((2, 3)))}, [0, 1])
