import itertools

import pytest
import torch
from mmaction.registry import MODELS

from dfew_mmaction.models import ECSTFLLoss, ec_stfl_loss, pair_distances
from dfew_mmaction.models.losses import distances

VARIANTS = ('paper', 'released')


def by_loops(x, y, variant, eps=1e-6):
    """Both formulas, term by term, in plain Python."""
    x, y = x.detach().double().tolist(), y.tolist()
    n = len(y)
    power = 2 if variant == 'paper' else 1

    def d(i, j):
        total = sum(abs(a - b) ** power for a, b in zip(x[i], x[j]))
        return total ** (1 / power)

    size = [y.count(label) for label in y]
    if variant == 'paper':
        within = between = 0.0
        for i, j in itertools.product(range(n), range(n)):
            if y[i] == y[j]:
                within += d(i, j) / size[i]
            else:
                between += d(i, j) / size[j]
        return within / between
    total = 0.0
    for i in range(n):
        same = sum(d(i, j) / (size[i] + eps) for j in range(n) if y[j] == y[i])
        other = sum(1 / (d(i, j) + eps) for j in range(n) if y[j] != y[i])
        total += same * other / (n - size[i] + 1 + eps)
    return total / n**2


@pytest.mark.parametrize('variant', VARIANTS)
@pytest.mark.parametrize('dtype', [torch.float32, torch.float64])
@pytest.mark.parametrize(
    'labels', [[0, 0, 1], [3, 1, 3, 1, 3, 6, 0, 0], [0, 1], [2, 0, 2]]
)
def test_equals_the_formula(variant, dtype, labels):
    torch.manual_seed(len(labels))
    x, y = torch.randn(len(labels), 5, dtype=dtype), torch.tensor(labels)
    expected = by_loops(x, y, variant)
    tolerance = 1e-5 if dtype == torch.float32 else 1e-12
    assert ec_stfl_loss(x, y, variant).item() == pytest.approx(expected, rel=tolerance)
    weighted = ECSTFLLoss(loss_weight=2.5, variant=variant)(x, y)
    assert weighted.item() == pytest.approx(2.5 * expected, rel=tolerance)
    assert weighted.dtype == dtype


def test_weights_are_one_over_the_size_of_the_other_ones_class():
    # Class 0 at 0 and 1, class 1 at 3: (1/2 + 1/2) / (3/1 + 2/1 + 3/2 + 2/2)
    x, y = torch.tensor([[0.0], [1.0], [3.0]]), torch.tensor([0, 0, 1])
    assert ec_stfl_loss(x, y).item() == pytest.approx(1 / 7.5)


@pytest.mark.parametrize('variant', VARIANTS)
def test_gradient(variant):
    torch.manual_seed(0)
    x = torch.randn(7, 4, dtype=torch.float64, requires_grad=True)
    y = torch.tensor([0, 0, 1, 2, 1, 0, 3])
    assert torch.autograd.gradcheck(lambda f: ec_stfl_loss(f, y, variant), x)


def exact(x, y, variant, eps=1e-6):
    """Value and gradient in float64 from all differences, pair by pair."""
    x = x.detach().double().requires_grad_()
    away = x[:, None] - x[None, :]
    if variant == 'paper':
        squared = away.square().sum(-1)
        apart = squared > 0
        # Of a distance of 0 there is no gradient to go wrong.
        distance = torch.where(apart, squared, 1.0).sqrt() * apart
    else:
        distance = away.abs().sum(-1)
    same = y[:, None] == y[None, :]
    size = same.sum(1).double()
    if variant == 'paper':
        loss = (distance * same / size).sum() / (distance * ~same / size).sum()
    else:
        within = (distance * same).sum(1) / (size + eps)
        between = ((1 / (distance + eps)) * ~same).sum(1) / (len(y) - size + 1 + eps)
        loss = (within * between).sum() / len(y) ** 2
    loss.backward()
    return loss.item(), x.grad


def at_random(n, d):
    return torch.randn(n, d)


def far_from_the_origin(n, d):
    return torch.randn(n, d) + 1000


def nearly_coincident(n, d):
    # Members of a class differ from one another by a millionth of what classes do.
    return torch.randn(3, d)[torch.arange(n) % 3] + 1e-6 * torch.randn(n, d)


def last_digit(n, d):
    # Members of a class differ in the last digit of one element, or not at all.
    x = torch.randn(3, d)[torch.arange(n) % 3]
    rows = torch.arange(n // 2)
    x[rows, rows] = torch.nextafter(x[rows, rows], torch.tensor(9.0))
    return x


@pytest.mark.parametrize('variant', VARIANTS)
@pytest.mark.parametrize(
    'make', [at_random, far_from_the_origin, nearly_coincident, last_digit]
)
def test_float32_is_as_exact_as_float64(variant, make):
    torch.manual_seed(0)
    x, y = make(24, 300).requires_grad_(), torch.arange(24) % 3
    loss = ec_stfl_loss(x, y, variant)
    loss.backward()
    value, grad = exact(x, y, variant)
    assert loss.item() == pytest.approx(value, rel=2e-6)
    error = (x.grad - grad).norm(dim=1) / grad.norm(dim=1)
    assert error.max() < 5e-6


@pytest.mark.parametrize('variant', VARIANTS)
def test_equal_features_have_no_gradient_from_each_other(variant):
    # Two of a class on one point, and one of another: only the pairs between draw.
    x = torch.tensor([[0.0, 0.0], [0.0, 0.0], [3.0, 4.0]], requires_grad=True)
    y = torch.tensor([0, 0, 1])
    ec_stfl_loss(x, y, variant).backward()
    assert x.grad.isfinite().all()
    assert x.grad.equal(torch.zeros(3, 2))  # within is 0: so is the loss, at its least


@pytest.mark.parametrize('variant', VARIANTS)
def test_the_gradient_in_slices_is_the_whole_one(variant, monkeypatch):
    torch.manual_seed(0)
    x, y = torch.randn(11, 6, dtype=torch.float64), torch.arange(11) % 3
    expected = exact(x, y, variant)[1]
    # As many elements as two rows have: five slices of two and one of one.
    monkeypatch.setattr(distances, 'ELEMENTS', 2 * x.numel())
    x.requires_grad_()
    ec_stfl_loss(x, y, variant).backward()
    torch.testing.assert_close(x.grad, expected)


@pytest.mark.parametrize('variant', VARIANTS)
def test_second_derivative_is_refused(variant):
    x = torch.randn(6, 4, requires_grad=True)
    loss = ec_stfl_loss(x, torch.arange(6) % 3, variant)
    (grad,) = torch.autograd.grad(loss, x, create_graph=True)
    with pytest.raises(RuntimeError, match='once_differentiable'):
        grad.square().sum().backward()


@pytest.mark.parametrize('variant', VARIANTS)
def test_descent_draws_classes_together(variant):
    torch.manual_seed(0)
    x = torch.randn(12, 6, requires_grad=True)
    y = torch.arange(12) % 3
    before = [d.item() for d in pair_distances(x, y)]
    optimizer = torch.optim.Adam([x], lr=0.05)
    for _ in range(100):
        optimizer.zero_grad()
        ec_stfl_loss(x, y, variant).backward()
        optimizer.step()
    after = [d.item() for d in pair_distances(x, y)]
    assert after[0] / after[1] < 0.5 * before[0] / before[1]


HARD = {
    'identical': (torch.ones(6, 8), [0, 0, 1, 1, 2, 2]),
    'identical within a class': (
        torch.eye(3).repeat_interleave(2, 0),
        [0, 0, 1, 1, 2, 2],
    ),
    'almost identical': (torch.ones(4, 8) + 1e-7 * torch.eye(4, 8), [0, 0, 1, 1]),
    'denormal differences': (1e-38 * torch.eye(4, 8), [0, 0, 1, 1]),
    'one sample': (torch.ones(1, 8), [4]),
    'one class': (torch.randn(5, 8), [2] * 5),
    'nothing': (torch.ones(0, 8), []),
    'only pairs between': (torch.eye(3, 8), [0, 1, 2]),
    'huge dimension': (torch.randn(24, 10_000), list(range(7)) * 3 + [0, 1, 2]),
    'huge values': (1e4 * torch.randn(6, 8), [0, 0, 1, 1, 2, 2]),
}


@pytest.mark.parametrize('variant', VARIANTS)
@pytest.mark.parametrize('dtype', [torch.float32, torch.float16, torch.bfloat16])
@pytest.mark.parametrize('case', list(HARD))
def test_value_and_gradient_are_finite(variant, dtype, case):
    torch.manual_seed(0)
    x, y = HARD[case]
    x = x.to(dtype, copy=True).requires_grad_()
    loss = ECSTFLLoss(variant=variant)(x, torch.tensor(y, dtype=torch.long))
    assert loss.dtype == torch.float32 and loss.isfinite()
    loss.backward()
    assert x.grad.isfinite().all() and x.grad.dtype == dtype


@pytest.mark.parametrize('variant', VARIANTS)
@pytest.mark.parametrize('case', ['one sample', 'one class', 'nothing'])
def test_one_class_gives_an_attached_zero(variant, case):
    x, y = HARD[case]
    x = x.clone().requires_grad_()
    loss = ec_stfl_loss(x, torch.tensor(y, dtype=torch.long), variant)
    loss.backward()
    assert loss.item() == 0 and (x.grad == 0).all()


@pytest.mark.parametrize('variant', VARIANTS)
def test_float32_under_autocast(variant):
    torch.manual_seed(0)
    x, y = torch.randn(8, 512), torch.arange(8) % 3
    with torch.autocast('cpu', dtype=torch.bfloat16):
        inside = ec_stfl_loss(x, y, variant)
    assert inside.equal(ec_stfl_loss(x, y, variant))


def test_scale_of_the_features_does_not_matter():
    torch.manual_seed(0)
    x, y = torch.randn(9, 16), torch.arange(9) % 4
    assert ec_stfl_loss(1000 * x, y).item() == pytest.approx(ec_stfl_loss(x, y).item())


@pytest.mark.parametrize('variant', VARIANTS)
def test_memory_has_no_pairwise_differences(variant):
    # n x n x d would be 512 * 512 * 4096 * 4 bytes = 4 GiB; no single tensor that is
    # made may come near to it.
    n, d = 512, 4096
    x, y = torch.randn(n, d, requires_grad=True), torch.arange(n) % 7
    with torch.profiler.profile(profile_memory=True) as profile:
        ec_stfl_loss(x, y, variant).backward()
    largest = max(event.cpu_memory_usage for event in profile.events())
    assert 0 < largest <= 4 * n * d * 4


@pytest.mark.parametrize(
    'x, y',
    [
        (torch.ones(4, 8), torch.ones(4, 7)),
        (torch.ones(4, 8), torch.ones(4)),
        (torch.ones(4, 8), torch.ones(3, dtype=torch.long)),
        (torch.ones(4, 8, 2), torch.ones(4, dtype=torch.long)),
    ],
)
def test_soft_labels_and_wrong_shapes_are_refused(x, y):
    for function in (ec_stfl_loss, ECSTFLLoss(), pair_distances):
        with pytest.raises(ValueError, match='EC-STFL needs'):
            function(x, y)


def test_unknown_variant_is_refused():
    with pytest.raises(ValueError, match="variant must be one of.*'mean'"):
        ECSTFLLoss(variant='mean')
    with pytest.raises(ValueError, match='variant must be one of'):
        ec_stfl_loss(torch.eye(2), torch.arange(2), 'mean')


def test_distances_for_the_log():
    x, y = torch.tensor([[0.0], [1.0], [3.0]]), torch.tensor([0, 0, 1])
    within, between = pair_distances(x, y)
    assert (within.item(), between.item()) == (1.0, 2.5)
    assert [d.item() for d in pair_distances(x[:1], y[:1])] == [0, 0]


def test_is_registered():
    loss = MODELS.build(dict(type='ECSTFLLoss', variant='released'))
    assert (loss.loss_weight, loss.variant) == (10.0, 'released')


def test_two_clusters_satisfy_equation_9_and_not_the_released_form():
    """docs/ec_stfl.md, "Gradients", property 3: classes on one point cost nothing."""
    torch.manual_seed(0)
    y = torch.arange(28) % 7
    noise = 0.01 * torch.randn(28, 16, dtype=torch.float64)
    # Class 0 is at a distance of 1.4; the six others share one point.
    merged = torch.eye(2, 16, dtype=torch.float64)[(y > 0).long()] + noise
    at_random = torch.randn(28, 16, dtype=torch.float64)
    left = {
        variant: (
            ec_stfl_loss(merged, y, variant) / ec_stfl_loss(at_random, y, variant)
        ).item()
        for variant in VARIANTS
    }
    assert left['paper'] == pytest.approx(0.13, abs=0.02)
    assert left['released'] == pytest.approx(0.72, abs=0.05)
