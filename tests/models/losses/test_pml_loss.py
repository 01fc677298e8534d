import inspect
import sys

import pytest
import torch
from labels import samples
from mmaction.registry import MODELS
from mmengine.optim import OptimWrapper
from mmengine.runner import load_checkpoint, save_checkpoint
from pytorch_metric_learning import losses, miners

from dfew_mmaction.models import C3DHead, PMLLoss
from dfew_mmaction.models.losses.pml_loss import UNFIT

D = 16
WEIGHTED = dict(num_classes=7, embedding_size=D)
# What each loss asks for; the others need nothing.
ARGS = dict(
    ArcFaceLoss=WEIGHTED,
    CosFaceLoss=WEIGHTED,
    LargeMarginSoftmaxLoss=WEIGHTED,
    NormalizedSoftmaxLoss=WEIGHTED,
    P2SGradLoss=dict(num_classes=7, descriptors_dim=D),
    ProxyAnchorLoss=WEIGHTED,
    ProxyNCALoss=WEIGHTED,
    RankedListLoss=dict(margin=0.4, Tn=1.0),
    SoftTripleLoss=WEIGHTED,
    SphereFaceLoss=WEIGHTED,
    SubCenterArcFaceLoss=WEIGHTED,
)
EXPORTED = [n for n in dir(losses) if inspect.isclass(getattr(losses, n))]
FIT = [name for name in EXPORTED if name not in UNFIT]
# These make something of one class, or of classes of one clip each.
VALUED = {
    'ContrastiveLoss', 'FastAPLoss', 'GeneralizedLiftedStructureLoss', 'InstanceLoss',
    'IntraPairVarianceLoss', 'MultiSimilarityLoss', 'NCALoss', 'RankedListLoss',
    'SignalToNoiseRatioContrastiveLoss', 'SmoothAPLoss',
    'ThresholdConsistentMarginLoss',
}  # fmt: skip
MINERS = [n for n in dir(miners) if n.endswith('Miner') and n != 'BaseMiner']


def build(name, **kwargs):
    torch.manual_seed(0)
    return PMLLoss(name, **ARGS.get(name, {}), **kwargs)


@pytest.mark.parametrize('name', FIT)
@pytest.mark.parametrize('dtype', [torch.float32, torch.float16, torch.bfloat16])
def test_every_loss_gives_finite_value_and_gradient(name, dtype):
    loss = build(name, loss_weight=0.5)
    layer = torch.nn.Linear(D, D)
    x, y = torch.randn(24, D), torch.arange(24) % 6
    # Twice, since a loss must not keep the graph of the mini-batch before.
    for _ in range(2):
        features = layer(x).to(dtype)
        features.retain_grad()
        with torch.autocast('cpu', dtype=torch.bfloat16):
            value = loss(features, y)
        value.backward()
        assert value.dtype == torch.float32 and value.dim() == 0 and value.isfinite()
        assert value > 0 and features.grad.any()
        assert features.grad.isfinite().all()
    # The same as the library gives on float32.
    reference = getattr(losses, name)(**ARGS.get(name, {}))
    reference.load_state_dict(loss.loss.state_dict())
    torch.testing.assert_close(value, 0.5 * reference(features.float(), y).squeeze())


@pytest.mark.parametrize('name', FIT)
@pytest.mark.parametrize('labels', [[0, 1, 2, 3, 4], [3, 3, 3, 3], [5], []])
def test_batches_without_pairs(name, labels):
    loss, y = build(name), torch.tensor(labels, dtype=torch.long)
    x = torch.randn(len(y), D, requires_grad=True)
    value = loss(x, y)
    value.backward()
    assert value.isfinite() and x.grad.isfinite().all()
    if not len(y) or not (name in VALUED or list(loss.parameters())):
        assert value.item() == pytest.approx(0, abs=1e-6) and not x.grad.any()


@pytest.mark.parametrize('name', sorted(UNFIT))
def test_what_cannot_work_on_features_and_labels_is_refused(name):
    assert name in EXPORTED
    with pytest.raises(ValueError, match=f'{name} cannot be a loss on features: '):
        PMLLoss(name)


def test_every_export_is_used_or_refused():
    assert sorted([*FIT, *UNFIT]) == sorted(EXPORTED) and len(FIT) == 32


@pytest.mark.parametrize('miner', MINERS)
@pytest.mark.parametrize('name', ['TripletMarginLoss', 'MultiSimilarityLoss'])
def test_miners(miner, name):
    loss, y = build(name, miner=dict(type=miner)), torch.arange(24) % 6
    x = torch.randn(24, D, requires_grad=True)
    torch.manual_seed(1)  # some draw
    value = loss(x, y)
    value.backward()
    assert x.grad.isfinite().all()
    torch.manual_seed(1)
    pairs = getattr(miners, miner)()(x, y)
    torch.testing.assert_close(value, getattr(losses, name)()(x, y, pairs))


def test_parts_are_those_of_the_library():
    from pytorch_metric_learning import distances, reducers, regularizers

    loss = MODELS.build(
        dict(
            type='PMLLoss',
            loss='ContrastiveLoss',
            pos_margin=1.0,
            neg_margin=0.2,
            miner=dict(type='MultiSimilarityMiner', epsilon=0.3),
            distance=dict(type='CosineSimilarity'),
            reducer=dict(type='ThresholdReducer', low=0.1),
            embedding_regularizer='LpRegularizer',
        )
    )
    reference = losses.ContrastiveLoss(
        pos_margin=1.0,
        neg_margin=0.2,
        distance=distances.CosineSimilarity(),
        reducer=reducers.ThresholdReducer(low=0.1),
        embedding_regularizer=regularizers.LpRegularizer(),
    )
    torch.manual_seed(0)
    x, y = torch.randn(24, D), torch.arange(24) % 6
    pairs = miners.MultiSimilarityMiner(epsilon=0.3)(x, y)
    assert loss(x, y).equal(reference(x, y, pairs)) and loss.miner.epsilon == 0.3
    assert not loss(x, y).equal(reference(x, y))
    assert loss.loss_name == 'loss_contrastiveloss'


def test_class_weights_and_regularized_weights():
    loss = PMLLoss(
        'ProxyNCALoss',
        reducer=dict(type='ClassWeightedReducer', weights=[0.0] * 6 + [1.0]),
        weight_regularizer=dict(type='LpRegularizer', p=2),
        **WEIGHTED,
    )
    x = torch.randn(6, D, requires_grad=True)
    value = loss(x, torch.arange(6))
    value.backward()
    assert value.item() > 0 and not x.grad.any()  # the weights' own loss alone


@pytest.mark.parametrize('name', [name for name in ARGS if name != 'RankedListLoss'])
def test_weights_of_a_loss_train_and_are_kept(name, tmp_path):
    torch.manual_seed(0)
    config = dict(type='PMLLoss', loss=name, **ARGS[name])
    head = C3DHead(in_channels=D, feature_losses=[config])
    ((_, weight),) = head.feature_losses.named_parameters()
    before = weight.detach().clone()
    optimizer = OptimWrapper(torch.optim.SGD(head.parameters(), lr=0.1))
    out = head.loss(torch.randn(14, D), samples(list(range(7)) * 2))
    assert f'loss_{name.lower()}' in out
    optimizer.update_params(sum(v for k, v in out.items() if 'loss' in k))
    assert not weight.equal(before) and weight.isfinite().all()
    path = str(tmp_path / 'head.pth')
    save_checkpoint(dict(state_dict=head.state_dict()), path)
    again = C3DHead(in_channels=D, feature_losses=[config])
    load_checkpoint(again, path, strict=True)
    assert next(again.feature_losses.parameters()).equal(weight)


@pytest.mark.parametrize(
    'config, message',
    [
        (
            dict(loss='SupConLos'),
            "no 'SupConLos'; did you mean SupConLoss.*It has: Ang",
        ),
        (dict(miner=dict(type='Hard')), "miners has no 'Hard'.* It has: .*HDCMiner"),
        (dict(distance='Cosine'), "distances has no 'Cosine'.*CosineSimilarity"),
        (dict(miner='BaseMine'), "miners has no 'BaseMine'"),
        (
            dict(loss='ArcFaceLoss'),
            "refuses ArcFaceLoss with no argument.*'num_classes'",
        ),
        (dict(tau=3), 'refuses SupConLoss with tau=3.*It takes .*temperature=0.1'),
        (dict(loss='CircleLoss', distance='LpDistance'), 'refuses CircleLoss'),
    ],
)
def test_wrong_names_and_arguments(config, message):
    with pytest.raises(ValueError, match=message):
        PMLLoss(**config)


def test_result_that_is_no_number_is_refused():
    loss = PMLLoss('ContrastiveLoss', reducer='DoNothingReducer')
    with pytest.raises(ValueError, match='returned dict: set reducer='):
        loss(torch.randn(4, D), torch.tensor([0, 0, 1, 1]))


def test_soft_labels_are_refused():
    with pytest.raises(ValueError, match='PMLLoss needs one class'):
        PMLLoss()(torch.randn(4, D), torch.ones(4, 7))


def test_without_the_library_the_error_says_what_to_install(monkeypatch):
    for name in [n for n in sys.modules if n.startswith('pytorch_metric_learning')]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, 'pytorch_metric_learning', None)
    with pytest.raises(ImportError, match='`pip install pytorch-metric-learning`'):
        PMLLoss()
