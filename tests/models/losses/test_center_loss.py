import importlib.util
from pathlib import Path

import pytest
import torch
from labels import samples
from mmaction.registry import MODELS
from mmengine.optim import OptimWrapper
from mmengine.runner import load_checkpoint, save_checkpoint

from dfew_mmaction.models import C3DHead, CenterLoss, pair_distances

SCRIPT = Path(__file__).with_name('center_loss_in_processes.py')


def by_loops(x, y, centers, alpha):
    """Equations 2 to 4 of Wen et al. in plain Python: loss and new centres."""
    x, y, old = x.detach().tolist(), y.tolist(), centers.tolist()
    loss = 0.0
    for features, label in zip(x, y):
        loss += sum((a - b) ** 2 for a, b in zip(features, old[label])) / 2
    new = []
    for j, center in enumerate(old):
        mine = [features for features, label in zip(x, y) if label == j]
        delta = [sum(c - f[k] for f in mine) for k, c in enumerate(center)]
        new.append([c - alpha * d / (1 + len(mine)) for c, d in zip(center, delta)])
    return loss, torch.tensor(new, dtype=torch.float64)


@pytest.mark.parametrize('reduction', ['mean', 'sum'])
@pytest.mark.parametrize('alpha', [0.0, 0.5, 1.0])
@pytest.mark.parametrize('dtype', [torch.float32, torch.float64])
def test_equals_the_equations_over_several_batches(reduction, alpha, dtype):
    torch.manual_seed(0)
    loss = CenterLoss(4, 5, 0.3, alpha=alpha, reduction=reduction).to(dtype)
    centers = torch.zeros(4, 5, dtype=torch.float64)
    for labels in ([0, 0, 1, 3], [3, 3, 3], [2], [1, 0, 1, 0, 2]):
        x, y = torch.randn(len(labels), 5, dtype=dtype), torch.tensor(labels)
        expected, centers = by_loops(x, y, centers, alpha)
        if reduction == 'mean':
            expected /= len(labels)
        got = loss(x, y)
        assert got.item() == pytest.approx(0.3 * expected, rel=1e-5)
        assert got.dtype == dtype
        torch.testing.assert_close(loss.centers.double(), centers, rtol=1e-5, atol=1e-6)


def test_literal_numbers():
    loss = CenterLoss(2, 1, loss_weight=1.0, alpha=0.5, reduction='sum')
    x, y = torch.tensor([[2.0], [4.0], [6.0]]), torch.tensor([0, 0, 1])
    assert loss(x, y).item() == (4 + 16 + 36) / 2
    # 0.5 * 6 / 3 and 0.5 * 6 / 2
    assert loss.centers.tolist() == [[1.0], [1.5]]
    assert loss(x, y).item() == (1 + 9 + 4.5**2) / 2


@pytest.mark.parametrize('reduction, share', [('mean', 0.25), ('sum', 1.0)])
def test_gradient_is_to_the_centres_before_the_update(reduction, share):
    torch.manual_seed(0)
    loss = CenterLoss(3, 5, loss_weight=2.0, reduction=reduction)
    loss.centers.normal_()
    before, y = loss.centers.clone(), torch.tensor([0, 2, 2, 1])
    x = torch.randn(4, 5, requires_grad=True)
    loss(x, y).backward()
    torch.testing.assert_close(x.grad, 2 * share * (x - before[y]).detach())
    assert not loss.centers.equal(before)


def test_evaluation_leaves_the_centres():
    loss = CenterLoss(3, 5).eval()
    loss(torch.randn(4, 5), torch.tensor([0, 1, 2, 2]))
    assert not loss.centers.any()


@pytest.mark.parametrize('dtype', [torch.float16, torch.bfloat16])
def test_half_precision_is_computed_in_float32(dtype):
    torch.manual_seed(0)
    x = torch.randn(6, 512).mul(30).to(dtype).requires_grad_()
    y = torch.arange(6) % 3
    half, whole = CenterLoss(3, 512), CenterLoss(3, 512)
    with torch.autocast('cpu', dtype=torch.bfloat16):
        got = half(x, y)
    expected = whole(x.detach().float(), y)
    assert got.equal(expected) and got.dtype == torch.float32
    assert half.centers.equal(whole.centers) and half.centers.dtype == torch.float32
    got.backward()
    assert x.grad.isfinite().all() and x.grad.dtype == dtype


@pytest.mark.parametrize('bad', [float('nan'), float('inf'), -float('inf')])
def test_features_that_are_not_finite_move_no_centre(bad):
    loss, x, y = CenterLoss(3, 2), torch.ones(3, 2), torch.tensor([0, 1, 1])
    loss(x, y)
    before = loss.centers.clone()
    x[0, 1] = bad
    assert not loss(x, y).isfinite()
    assert loss.centers.equal(before)


def test_no_sample_gives_an_attached_zero():
    loss, x = CenterLoss(3, 2), torch.ones(0, 2, requires_grad=True)
    value = loss(x, torch.ones(0, dtype=torch.long))
    value.backward()
    assert value.item() == 0 and not loss.centers.any()


@pytest.mark.parametrize(
    'x, y, message',
    [
        (
            (4, 8),
            torch.zeros(4, dtype=torch.long),
            'size 5, the features are of size 8',
        ),
        ((2, 5), torch.tensor([0, 3]), 'classes 0 to 2, got label 3'),
        ((2, 5), torch.tensor([-1, 0]), 'classes 0 to 2, got label -1'),
        ((2, 5), torch.ones(2, 3), 'CenterLoss needs one class.*Soft labels'),
        ((2, 5), torch.zeros(3, dtype=torch.long), 'CenterLoss needs features'),
    ],
)
def test_what_does_not_fit_is_refused(x, y, message):
    with pytest.raises(ValueError, match=message):
        CenterLoss(3, 5)(torch.ones(x), y)


def test_settings_are_checked():
    with pytest.raises(ValueError, match="reduction must be one of.*'none'"):
        CenterLoss(reduction='none')
    with pytest.raises(ValueError, match='alpha must be from 0 to 1, got 2'):
        CenterLoss(alpha=2)
    loss = MODELS.build(dict(type='CenterLoss'))
    assert (loss.loss_weight, loss.alpha, loss.loss_name) == (1e-4, 0.5, 'loss_center')
    assert loss.centers.shape == (7, 4096)


def test_in_a_head_the_optimizer_has_no_centres(tmp_path):
    torch.manual_seed(0)
    config = dict(type='CenterLoss', feat_dim=8)
    head = C3DHead(in_channels=8, feature_losses=[config, dict(type='ECSTFLLoss')])
    assert not list(head.feature_losses.parameters())
    optimizer = OptimWrapper(
        torch.optim.SGD(head.parameters(), lr=0.1, weight_decay=0.1),
        accumulative_counts=2,
    )
    x, y = torch.randn(6, 8), [0, 1, 2, 0, 1, 1]
    centers = torch.zeros(7, 8)
    for _ in range(3):
        losses = head.loss(x, samples(y))
        optimizer.update_params(sum(v for k, v in losses.items() if 'loss' in k))
        # Once a mini-batch, also while gradients are accumulated.
        centers = by_loops(x, torch.tensor(y), centers, 0.5)[1]
    torch.testing.assert_close(head.feature_losses[0].centers, centers.float())
    within, between = pair_distances(x, torch.tensor(y))
    assert losses['intra_class_distance'].equal(within)
    assert losses['inter_class_distance'].equal(between)
    path = str(tmp_path / 'head.pth')
    save_checkpoint(dict(state_dict=head.state_dict()), path)
    again = C3DHead(in_channels=8, feature_losses=[config, dict(type='ECSTFLLoss')])
    load_checkpoint(again, path, strict=True)
    assert again.feature_losses[0].centers.equal(head.feature_losses[0].centers)


@pytest.mark.parametrize('broadcast', [True, False])
def test_two_processes_equal_one_with_the_whole_batch(tmp_path, run_group, broadcast):
    spec = importlib.util.spec_from_file_location('in_processes', SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    torch.manual_seed(0)
    net = module.Net()
    # Halves of equal size; one process has classes that the other has not.
    batches = [
        (torch.randn(6, 3), torch.tensor(labels), (0, 3, 6))
        for labels in ([0, 0, 1, 2, 2, 2], [1, 1, 1, 0, 2, 0], [2, 1, 0, 0, 1, 2])
    ]
    state = {k: v.clone() for k, v in net.state_dict().items()}
    given = dict(state_dict=state, batches=batches, broadcast=broadcast)
    if not broadcast:
        # One process alone meets what is not finite: no process may move.
        last = torch.full((2, 3), float('nan')), torch.tensor([0, 1])
        given['batches'] = batches + [(torch.cat([torch.ones(1, 3), last[0]]),
                                       torch.tensor([0, 0, 1]), (0, 1, 3))]  # fmt: skip
    torch.save(given, tmp_path / 'given.pt')
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for x, y, _ in batches:
        optimizer.zero_grad()
        net(x, y).backward()
        optimizer.step()
    run_group(2, SCRIPT, tmp_path)
    got = [torch.load(tmp_path / f'{rank}.pt') for rank in range(2)]
    assert got[0]['loss.centers'].equal(got[1]['loss.centers'])
    assert got[0]['loss.centers'].abs().min() > 0
    torch.testing.assert_close(got[0]['loss.centers'], net.loss.centers)
    if broadcast:
        torch.testing.assert_close(got[0]['layer.weight'], net.layer.weight.detach())


@pytest.mark.parametrize('kind', [torch.uint8, torch.int16, torch.int32])
def test_any_integers_are_labels(kind):
    x, y, found = torch.randn(6, 3), torch.tensor([0, 2, 1, 0, 2, 2]), []
    for labels in (y, y.to(kind)):
        loss = CenterLoss(3, 3, loss_weight=1.0)
        loss(x, labels)
        found.append((loss(x, labels), loss.centers))
    assert found[0][0].equal(found[1][0]) and found[0][1].equal(found[1][1])
