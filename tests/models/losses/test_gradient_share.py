"""A bound on the gradient of feature losses, in real heads."""

from pathlib import Path

import pytest
import torch
from labels import samples
from mmaction.registry import MODELS
from mmengine.model import BaseModel
from mmengine.registry import init_default_scope
from torch.nn import functional as F

from dfew_mmaction.models.losses import FeatureLosses, ec_stfl_loss

SCRIPT = Path(__file__).with_name('gradient_share_in_processes.py')
LABELS = (0, 0, 1, 2, 2, 0, 1, 1)
HEADS = {
    'own': dict(type='C3DHead', num_classes=3, in_channels=6, dropout_ratio=0.0),
    'stock': dict(
        type='FeatureLossHead', head='I3DHead', num_classes=3, in_channels=6,
        dropout_ratio=0.0, spatial_type=None,
    ),
}  # fmt: skip


def build(kind, *losses):
    init_default_scope('mmaction')
    torch.manual_seed(0)
    head = MODELS.build(dict(HEADS[kind], feature_losses=list(losses))).train()
    torch.nn.init.normal_(head.fc_cls.weight, std=0.5)
    return head


def gradients(head, x):
    """Gradients of cross-entropy and of equation 9 (λ = 10), by autograd alone."""
    x, y = x.detach().requires_grad_(), torch.tensor(LABELS)
    (cls,) = torch.autograd.grad(F.cross_entropy(head.fc_cls(x), y), x)
    (own,) = torch.autograd.grad(10 * ec_stfl_loss(x, y), x)
    return cls, own


def norm_by_loops(gradient):
    return sum(value**2 for row in gradient.tolist() for value in row) ** 0.5


@pytest.mark.parametrize('kind', HEADS)
@pytest.mark.parametrize('share', [0.1, 0.5, 1e6])
def test_gradient_is_limited_to_the_share(kind, share):
    head = build(kind, dict(type='ECSTFLLoss', loss_weight=10.0, max_share=share))
    x = (0.01 * torch.randn(8, 6)).requires_grad_()
    losses = head.loss(x, samples(LABELS))
    cls, own = gradients(head, x)
    factor = min(1.0, share * norm_by_loops(cls) / norm_by_loops(own))
    assert losses['ecstfl_factor'].item() == pytest.approx(factor, rel=1e-4)
    expected = factor * 10 * ec_stfl_loss(x, torch.tensor(LABELS)).item()
    assert losses['loss_ecstfl'].item() == pytest.approx(expected, rel=1e-4)
    total = losses['loss_cls'] + losses['loss_ecstfl']
    (got,) = torch.autograd.grad(total, x)
    torch.testing.assert_close(got, cls + factor * own, rtol=1e-4, atol=1e-7)
    if share < 1:
        # No feature loss can turn the step against the classifier.
        assert (got * cls).sum() >= (1 - share) * cls.square().sum() * (1 - 1e-4)


def test_factor_is_a_constant_of_the_graph():
    head = build('own', dict(type='ECSTFLLoss', loss_weight=10.0, max_share=0.5))
    x = torch.randn(8, 6, requires_grad=True)
    assert not head.loss(x, samples(LABELS))['ecstfl_factor'].requires_grad


def test_gradcheck_of_the_limited_sum():
    head = build('own', dict(type='ECSTFLLoss', loss_weight=10.0, max_share=0.5))
    head = head.double()
    x = torch.randn(8, 6, dtype=torch.float64, requires_grad=True)
    factor = head.loss(x, samples(LABELS))['ecstfl_factor'].item()

    def frozen(features):
        losses = head.loss(features, samples(LABELS))
        return losses['loss_cls'] + losses['loss_ecstfl'] * (
            factor / losses['ecstfl_factor'].double()
        )

    assert torch.autograd.gradcheck(frozen, x)


def test_same_scale_of_the_embedding_whatever_its_norm():
    """Without the bound, the share of equation 9 goes as one over the norm."""
    y = torch.tensor(LABELS)
    x = torch.randn(8, 6)
    found = []
    for scale in (1, 10):
        scaled = (scale * x).requires_grad_()
        loss = ec_stfl_loss(scaled, y)
        (gradient,) = torch.autograd.grad(loss, scaled)
        # Euler: the gradient of a ratio that no scale changes is orthogonal to x.
        assert abs((gradient * scaled).sum()) < 1e-5
        found.append((loss.item(), gradient.norm().item()))
    assert found[1][0] == pytest.approx(found[0][0], rel=1e-5)
    assert found[1][1] == pytest.approx(found[0][1] / 10, rel=1e-4)


@pytest.mark.parametrize('kind', HEADS)
def test_under_bfloat16_autocast(kind):
    head = build(kind, dict(type='ECSTFLLoss', loss_weight=10.0, max_share=0.5))
    x = torch.randn(8, 6, requires_grad=True)
    plain = head.loss(x, samples(LABELS))
    with torch.autocast('cpu', dtype=torch.bfloat16):
        losses = head.loss(x, samples(LABELS))
    for name in ('loss_cls', 'loss_ecstfl', 'ecstfl_factor'):
        torch.testing.assert_close(losses[name], plain[name], rtol=0.03, atol=0.01)
    (losses['loss_cls'] + losses['loss_ecstfl']).backward()
    assert x.grad.isfinite().all()


def test_processes_limit_the_gradients_of_their_own_clips(tmp_path, run_group):
    world, share, ends = 2, 0.5, [0, 3, 8]
    loss = dict(type='ECSTFLLoss', loss_weight=10.0, max_share=share, gather=True)
    config = dict(HEADS['own'], feature_losses=[loss])
    head = build('own', loss).double()
    x, y = 0.01 * torch.randn(8, 6, dtype=torch.float64), torch.tensor(LABELS)
    state = head.state_dict()
    case = dict(head=config, state_dict=state, x=x, y=list(LABELS), ends=ends)
    torch.save(case, tmp_path / 'case.pt')
    run_group(world, SCRIPT, tmp_path)
    leaf = x.clone().requires_grad_()
    # What each process passes back is divided by their number when it is averaged.
    (own,) = torch.autograd.grad(world * 10 * ec_stfl_loss(leaf, y), leaf)
    for rank in range(world):
        part = slice(*ends[rank : rank + 2])
        mine = x[part].clone().requires_grad_()
        loss_cls = F.cross_entropy(head.fc_cls(mine), y[part])
        (cls,) = torch.autograd.grad(loss_cls, mine)
        factor = min(1.0, share * norm_by_loops(cls) / norm_by_loops(own[part]))
        got = torch.load(tmp_path / f'{rank}.pt')
        assert got['factor'].item() == pytest.approx(factor, rel=1e-5)
        expected = cls + factor * own[part]
        torch.testing.assert_close(got['gradient'], expected, rtol=1e-5, atol=1e-9)


def test_any_feature_loss_can_be_limited():
    center = dict(
        type='CenterLoss', num_classes=3, feat_dim=6, loss_weight=100.0, max_share=0.5
    )
    head = build('own', center, dict(type='ECSTFLLoss', loss_weight=10.0))
    x = torch.randn(8, 6, requires_grad=True)
    losses = head.loss(x, samples(LABELS))
    assert 'ecstfl_factor' not in losses
    (cls,) = torch.autograd.grad(losses['loss_cls'], x, retain_graph=True)
    (own,) = torch.autograd.grad(losses['loss_center'], x)
    assert own.norm().item() == pytest.approx(0.5 * cls.norm().item(), rel=1e-4)


@pytest.mark.parametrize('labels', [(1,) * 8, ()])
def test_mini_batches_without_pairs(labels):
    head = build('own', dict(type='ECSTFLLoss', loss_weight=10.0, max_share=0.5))
    x = torch.randn(len(labels), 6, requires_grad=True)
    if not labels:
        assert head.feature_losses(x, [])['loss_ecstfl'] == 0
        return
    losses = head.loss(x, samples(labels))
    assert losses['loss_ecstfl'] == 0 and losses['ecstfl_factor'].isfinite()
    (losses['loss_cls'] + losses['loss_ecstfl']).backward()
    assert x.grad.isfinite().all()


def test_without_a_graph_nothing_is_measured():
    head = build('own', dict(type='ECSTFLLoss', loss_weight=10.0, max_share=0.5))
    with torch.no_grad():
        losses = head.loss(torch.randn(8, 6), samples(LABELS))
    assert 'ecstfl_factor' not in losses


@pytest.mark.parametrize('share', [0, -1.0, '0.5'])
def test_refuses_a_share_that_is_not_positive(share):
    with pytest.raises(
        ValueError, match=f'expected a positive max_share .* got {share!r}'
    ):
        FeatureLosses([dict(type='ECSTFLLoss', max_share=share)])


@pytest.mark.parametrize('name', ['loss_supconloss', 'ecstfl_loss', 'a_loss_b'])
def test_statistics_are_never_minimised(name):
    loss = dict(type='ECSTFLLoss', max_share=0.5, loss_name=name)
    head = build('own', loss, dict(loss, loss_name=name + '_2'))
    head.monitored = True
    x = torch.randn(8, 6, requires_grad=True)
    total, logged = BaseModel.parse_losses(None, head.loss(x, samples(LABELS)))
    parts = [logged['loss_cls'], logged[name], logged[name + '_2']]
    assert total.item() == pytest.approx(sum(float(part) for part in parts), rel=1e-6)
    assert sum(key.endswith('_share') for key in logged) == 3  # and top_class_share
    assert sum(key.endswith('_factor') for key in logged) == 2


@pytest.mark.parametrize('kind', HEADS)
def test_behind_frozen_layers_nothing_is_measured_or_limited(kind):
    head = build(kind, dict(type='ECSTFLLoss', loss_weight=10.0, max_share=0.5))
    head.monitored = True
    x = torch.randn(8, 6)
    losses = head.loss(x, samples(LABELS))
    assert 'ecstfl_share' not in losses and 'ecstfl_factor' not in losses
    expected = 10 * ec_stfl_loss(x, torch.tensor(LABELS))
    torch.testing.assert_close(losses['loss_ecstfl'], expected)
    (losses['loss_cls'] + losses['loss_ecstfl']).backward()
    assert head.fc_cls.weight.grad.norm() > 0


@pytest.mark.slow
def test_under_compile():
    """MMEngine compiles the forward pass; bound and guard differentiate in it."""
    head = build('own', dict(type='ECSTFLLoss', loss_weight=10.0, max_share=0.5))
    head.monitored = True
    backbone = torch.nn.Sequential(torch.nn.Linear(6, 6), torch.nn.Tanh())

    def forward(x):
        return head.loss(backbone(x), samples(LABELS))

    x = torch.randn(8, 6)
    plain = forward(x)
    torch._dynamo.reset()
    compiled = torch.compile(forward, backend='aot_eager')(x)
    assert set(plain) == set(compiled)
    for losses in (plain, compiled):
        backbone.zero_grad()
        (losses['loss_cls'] + losses['loss_ecstfl']).backward()
        losses['gradient'] = backbone[0].weight.grad.clone()
    for name in ('loss_ecstfl', 'ecstfl_share', 'gradient'):
        torch.testing.assert_close(compiled[name], plain[name], rtol=1e-4, atol=1e-6)
