"""Feature losses on stock heads, against embeddings pooled by hand."""

import copy
import itertools
import pickle

import numpy as np
import pytest
import torch
from head_table import EXAMPLES, example_features, example_head
from labels import samples
from mmaction.registry import MODELS
from mmengine.device import get_device
from torch import nn

from dfew_mmaction.models import C3DHead, FeatureLossHead, ec_stfl_loss
from dfew_mmaction.models.heads import EmbeddingRecorder

EC = dict(type='ECSTFLLoss', loss_weight=10.0)
REFUSED = {'FeatureHead', 'RGBPoseHead'}
HEADS = sorted(set(EXAMPLES) - REFUSED)
LABELS = [0, 0, 1]


def build(name, losses=(EC,), **kwargs):
    """A stock head and the same with feature losses, of equal weights."""
    torch.manual_seed(1)
    config = {**example_head(name), **kwargs}
    stock = MODELS.build(config)
    ours = MODELS.build(
        dict(type='FeatureLossHead', head=config, feature_losses=list(losses))
    )
    # Of the stock head's names nothing is lacking and nothing left over.
    lacking, left = ours.load_state_dict(weights(stock), strict=False)
    assert not left and all(n.startswith('feature_losses.') for n in lacking)
    return stock, ours


def weights(head):
    return {k: v.clone() for k, v in head.state_dict().items()}


def relations(x, head):
    """The three-layer networks of TRN, up to the last linear layer of each."""
    frames = head.fc_cls(x.mean(dim=(2, 3))).reshape(3, 8, -1)
    parts = []
    for scale, layers in zip(range(8, 1, -1), head.consensus.fc_fusion_scales):
        drawn = list(itertools.combinations(range(8), scale))
        if scale < 8:
            at = np.random.choice(len(drawn), min(3, len(drawn)), replace=False)
            drawn = [drawn[i] for i in at]
        hidden = [layers[:3](frames[:, list(f)].flatten(1)) for f in drawn]
        parts.append(torch.stack(hidden).sum(dim=0))
    return torch.cat(parts, dim=1)


# What stands before dropout and classifier, written by hand from the papers.
BY_HAND = {
    'GCNHead': lambda x, head: x.mean(dim=(1, 3, 4)),
    'I3DHead': lambda x, head: x.mean(dim=(2, 3, 4)),
    'MViTHead': lambda x, head: x[-1][1],
    'OmniHead': lambda x, head: head.fc3d[:5](x),
    'SlowFastHead': lambda x, head: torch.cat(
        [x[1].mean(dim=(2, 3, 4)), x[0].mean(dim=(2, 3, 4))], dim=1
    ),
    'TPNHead': lambda x, head: x.mean(dim=(2, 3, 4)),
    'TRNHead': relations,
    'TSMHead': lambda x, head: x.mean(dim=(2, 3)).reshape(3, 8, 16).mean(dim=1),
    'TSNAudioHead': lambda x, head: x.mean(dim=(2, 3)),
    'TSNHead': lambda x, head: x.mean(dim=(2, 3)).reshape(3, 8, 16).mean(dim=1),
    'TimeSformerHead': lambda x, head: x,
    'UniFormerHead': lambda x, head: x,
    'X3DHead': lambda x, head: (x.mean(dim=(2, 3, 4)) @ head.fc1.weight.T).relu(),
}


@pytest.mark.parametrize('name', HEADS)
def test_the_embedding_is_what_stands_before_dropout_and_classifier(name):
    # TRN has a dropout in front of its hidden layers too, which is part of them.
    dropout = dict(dropout_ratio=0.0) if name == 'TRNHead' else {}
    _, head = build(name, **dropout)
    x, kwargs = example_features(name)
    head.train()
    np.random.seed(0)
    losses = head.loss(x, samples(LABELS), **kwargs)
    np.random.seed(0)
    expected = BY_HAND[name](x, head)
    torch.testing.assert_close(
        losses['loss_ecstfl'], 10 * ec_stfl_loss(expected, torch.tensor(LABELS))
    )
    # The oracle is one: in testing, the classifier makes the scores of it.
    head.eval()
    np.random.seed(0)
    scores = head(x, **kwargs)
    np.random.seed(0)
    embedding = BY_HAND[name](x, head)
    if name == 'TRNHead':
        ends = [layers[3] for layers in head.consensus.fc_fusion_scales]
        times = [1, 3, 3, 3, 3, 3, 3]
        parts = embedding.chunk(7, dim=1)
        got = sum(
            h @ layer.weight.T + n * layer.bias
            for h, layer, n in zip(parts, ends, times)
        )
    else:
        layer = dict(head.named_modules())[
            {'OmniHead': 'fc3d.6', 'X3DHead': 'fc2', 'GCNHead': 'fc'}.get(
                name, 'fc_cls'
            )
        ]
        got = layer(embedding)
    torch.testing.assert_close(scores, got)


@pytest.mark.parametrize('name', HEADS)
def test_loss_prediction_weights_and_names_are_the_stock_ones(name):
    stock, head = build(name)
    assert isinstance(head, type(stock)) and isinstance(head, FeatureLossHead)
    assert weights(head).keys() == weights(stock).keys()
    assert [n for n, _ in head.named_parameters()] == [
        n for n, _ in stock.named_parameters()
    ]
    for one in (stock, head):
        torch.manual_seed(2)
        one.init_weights()
    for key, value in weights(stock).items():
        assert head.state_dict()[key].equal(value), key
    x, kwargs = example_features(name)
    got = []
    for one in (stock, head):
        torch.manual_seed(3)
        np.random.seed(3)
        losses = one.train().loss(x, samples(LABELS), **kwargs)
        np.random.seed(3)
        predicted = one.eval().predict(x, samples(LABELS), **kwargs)
        got.append((losses, [sample.pred_score for sample in predicted]))
    (losses, scores), (ours, our_scores) = got
    assert all(ours[key].equal(value) for key, value in losses.items())
    new = {'loss_ecstfl', 'intra_class_distance', 'inter_class_distance'}
    assert set(ours) - set(losses) == new
    assert all(a.equal(b) for a, b in zip(scores, our_scores))


@pytest.mark.parametrize('name', HEADS)
@pytest.mark.parametrize('labels', [[0, 0, 1], [4, 4, 4]])
def test_all_weights_get_a_gradient(name, labels):
    _, head = build(name)
    x, kwargs = example_features(name)
    losses = head.loss(x, samples(labels), **kwargs)
    # Layers in front of the embedding: with one class the loss is zero and attached.
    hidden = name in ('X3DHead', 'TRNHead', 'OmniHead')
    assert losses['loss_ecstfl'].requires_grad == hidden
    sum(v for k, v in losses.items() if 'loss' in k).backward()
    lacking = {k.split('.')[0] for k, p in head.named_parameters() if p.grad is None}
    # A mini-batch of videos leaves the images of OmniHead alone, in the stock head too.
    assert lacking == ({'fc2d'} if name == 'OmniHead' else set())


@pytest.mark.parametrize('name', ['I3DHead', 'TSMHead', 'TSNHead', 'X3DHead'])
def test_several_clips_of_a_video(name):
    _, head = build(name, dropout_ratio=0.0)
    x, kwargs = example_features(name)
    once = head.loss(x, samples([2, 2, 6]), **kwargs)
    # The same three rows as one video of three clips, and as two beside one more.
    alone = head.loss(x, samples([2]), **kwargs)
    assert alone['loss_ecstfl'] == 0
    two = torch.cat([x, x])
    got = head.loss(two, samples([2, 6, 2]), **kwargs)
    expected = head.loss(two, samples([2, 2, 6, 6, 2, 2]), **kwargs)
    assert got.keys() == once.keys()
    assert all(got[key].equal(expected[key]) for key in got)
    predicted = head.eval().predict(two, samples([0, 0, 0]), **kwargs)
    probabilities = head(two, **kwargs).softmax(dim=1).reshape(3, 2, 7).mean(dim=1)
    for sample, row in zip(predicted, probabilities):
        torch.testing.assert_close(sample.pred_score, row)


def test_it_is_c3dhead_on_the_same_layers():
    ours = C3DHead(in_channels=16, feature_losses=[EC], dropout_ratio=0.5)
    head = FeatureLossHead('I3DHead', [EC], num_classes=7, in_channels=16, topk=1)
    head.load_state_dict(ours.state_dict())
    x, y = torch.randn(6, 16, 2, 4, 4), [3, -1, 3, 5, -1, 0]
    for votes in (False, True):
        got = []
        given = samples(y if votes else [3, 1, 3, 5, 1, 0])
        for sample, share in zip(given, torch.rand(6, 7).softmax(dim=1)):
            if votes:
                sample.set_field(share.numpy(), 'label_distribution')
        for one in (ours, head):
            torch.manual_seed(0)
            got.append(one.loss(x, given))
        assert got[0].keys() == got[1].keys() >= {'loss_cls', 'top1_acc'}
        for key, value in got[0].items():
            torch.testing.assert_close(got[1][key], value)


def test_bfloat16():
    _, head = build('TSMHead')
    x, kwargs = example_features('TSMHead')
    losses = head.to(torch.bfloat16).loss(
        x.to(torch.bfloat16), samples(LABELS), **kwargs
    )
    assert all(value.dtype != torch.bfloat16 for value in losses.values())
    assert all(value.isfinite() for value in losses.values())
    with torch.autocast('cpu', torch.bfloat16):
        losses = head.float().loss(x, samples(LABELS), **kwargs)
    assert losses['loss_ecstfl'].dtype == losses['loss_cls'].dtype == torch.float32


def test_copies_and_pickles_are_whole():
    _, head = build('TSNHead', [EC, dict(type='CenterLoss', feat_dim=16)])
    x, kwargs = example_features('TSNHead')
    expected = head.eval().loss(x, samples(LABELS), **kwargs)
    for other in (copy.deepcopy(head), pickle.loads(pickle.dumps(head))):
        assert type(other) is type(head)
        got = other.loss(x, samples(LABELS), **kwargs)
        assert all(got[key].equal(value) for key, value in expected.items())
        with torch.no_grad():
            other.fc_cls.weight.zero_()
        assert head.fc_cls.weight.abs().sum() > 0


def test_scores_that_pass_the_classifier_by():
    _, head = build('TPNHead')
    x, _ = example_features('TPNHead')
    head.to(get_device())  # where MMAction2 puts the layer that it makes
    with torch.no_grad(), EmbeddingRecorder(head.eval()) as watched:
        head(x.to(get_device()), fcn_test=True)
        with pytest.raises(ValueError, match='without its classifier.*fcn_test'):
            watched.embedding()


class Step(nn.Module):
    def __init__(self, head):
        super().__init__()
        self.cls_head = head

    def forward(self, x, labels, kwargs):
        losses = self.cls_head.loss(x, samples(labels), **kwargs)
        return sum(value for key, value in losses.items() if 'loss' in key)


@pytest.mark.parametrize('name', ['TSMHead', 'X3DHead'])
def test_distributed_training_misses_no_weight(name):
    _, head = build(name, [EC, dict(type='PMLLoss', loss='SupConLoss')])
    x, kwargs = example_features(name)
    store = torch.distributed.HashStore()
    torch.distributed.init_process_group('gloo', store=store, rank=0, world_size=1)
    try:
        wrapped = nn.parallel.DistributedDataParallel(Step(head))
        # A weight that a step leaves out is an error of the next one.
        for labels in ([0, 0, 1], [4, 4, 4], [0, 1, 2], [0, 0, 1]):
            wrapped(x, labels, kwargs).backward()
    finally:
        torch.distributed.destroy_process_group()
    assert head.feature_losses[0].loss_weight == 10
