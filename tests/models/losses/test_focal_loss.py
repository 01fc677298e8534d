import math

import pytest
import torch
from mmaction.models.losses import CrossEntropyLoss
from mmaction.registry import MODELS

from dfew_mmaction.models import FocalLoss

WEIGHTS = [None, [1.0, 2.0, 0.5], [0.0, 1.0, 3.0]]


def by_loops(scores, labels, gamma, weights):
    """Sum over samples and classes, in plain Python; labels are soft."""
    total = divisor = 0.0
    for row, label in zip(scores.double().tolist(), labels.tolist()):
        largest = sum(math.exp(value) for value in row)
        for c, (value, share) in enumerate(zip(row, label)):
            p = math.exp(value) / largest
            share *= weights[c] if weights else 1
            total -= share * (1 - p) ** gamma * math.log(p)
            divisor += share
    return total / divisor


@pytest.mark.parametrize('gamma', [0.0, 0.5, 2.0, 5])
@pytest.mark.parametrize('weights', WEIGHTS)
@pytest.mark.parametrize('soft', [False, True])
def test_equals_the_formula(gamma, weights, soft):
    torch.manual_seed(0)
    scores, labels = 2 * torch.randn(5, 3), torch.tensor([0, 1, 2, 1, 1])
    onehot = torch.eye(3)[labels]
    given = torch.rand(5, 3).softmax(dim=1) if soft else labels
    expected = by_loops(scores, given if soft else onehot, gamma, weights)
    got = FocalLoss(gamma, weights, loss_weight=2.0)(scores, given)
    assert got.item() == pytest.approx(2 * expected, rel=1e-5)


def test_literal_number():
    # The probability is 0.8: 0.2^2 * -log(0.8)
    scores = torch.tensor([[math.log(4.0), 0.0]])
    got = FocalLoss()(scores, torch.tensor([0]))
    assert got.item() == pytest.approx(0.04 * 0.2231435513)


@pytest.mark.parametrize('weights', WEIGHTS)
@pytest.mark.parametrize('soft', [False, True])
def test_gamma_0_is_mmactions_cross_entropy(weights, soft):
    torch.manual_seed(0)
    scores, labels = torch.randn(6, 3), torch.tensor([0, 1, 2, 2, 1, 1])
    if soft:
        labels = 0.9 * torch.eye(3)[labels] + 0.1 / 3
    expected = CrossEntropyLoss(class_weight=weights)(scores, labels)
    torch.testing.assert_close(FocalLoss(0, weights)(scores, labels), expected)


@pytest.mark.parametrize('gamma', [0.0, 0.5, 1.0, 2.0])
def test_gradient(gamma):
    torch.manual_seed(0)
    x = torch.randn(4, 3, dtype=torch.float64, requires_grad=True)
    y = torch.tensor([0, 1, 2, 1])
    assert torch.autograd.gradcheck(lambda s: FocalLoss(gamma)(s, y), x)


@pytest.mark.parametrize('gamma', [0.0, 0.5, 2.0])
@pytest.mark.parametrize('dtype', [torch.float32, torch.float16, torch.bfloat16])
@pytest.mark.parametrize('scale', [0.0, 100.0, 1e4])
def test_certain_scores_have_finite_gradients(gamma, dtype, scale):
    x = (scale * torch.eye(3)).to(dtype).requires_grad_()
    # Certain and right, certain and wrong, and both at once.
    for labels in ([0, 1, 2], [1, 2, 0], [0, 2, 1]):
        x.grad = None
        value = FocalLoss(gamma)(x, torch.tensor(labels))
        value.backward()
        assert value.isfinite() and value.dtype == torch.float32
        assert x.grad.isfinite().all()


def test_a_batch_of_weight_0_gives_0():
    x = torch.randn(2, 3, requires_grad=True)
    value = FocalLoss(class_weight=[0, 1, 1])(x, torch.tensor([0, 0]))
    value.backward()
    assert value.item() == 0 and not x.grad.any()


def test_settings_are_checked():
    with pytest.raises(ValueError, match='gamma must be at least 0, got -1'):
        FocalLoss(gamma=-1)
    for weights in ([1, -1], [0, 0]):
        with pytest.raises(ValueError, match='class_weight must hold'):
            FocalLoss(class_weight=weights)
    with pytest.raises(ValueError, match='holds 2 weights, the scores have 3 classes'):
        FocalLoss(class_weight=[1, 2])(torch.ones(1, 3), torch.tensor([0]))
    loss = MODELS.build(dict(type='FocalLoss', class_weight=[1, 2]))
    # Weights come from the config: a checkpoint of another run does not change them.
    assert loss.gamma == 2 and not loss.state_dict()
