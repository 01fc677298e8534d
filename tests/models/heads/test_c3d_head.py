import math

import pytest
import torch
from labels import samples
from mmaction.registry import MODELS
from mmaction.structures import ActionDataSample
from torch.nn import functional as F

from dfew_mmaction.models import C3DHead, ec_stfl_loss
from dfew_mmaction.models.heads import EmbeddingRecorder

EC = dict(type='ECSTFLLoss', loss_weight=10.0)


@pytest.fixture
def head():
    torch.manual_seed(0)
    head = C3DHead(in_channels=16, feature_losses=[EC], dropout_ratio=0.0)
    head.init_weights()
    return head


@pytest.mark.parametrize('shape', [(6, 16), (6, 16, 1, 4, 4), (6, 16, 2, 1, 1)])
@pytest.mark.parametrize('embed', [None, 8])
def test_embedding_and_scores(shape, embed):
    head = MODELS.build(
        dict(type='C3DHead', in_channels=16, embed_channels=embed)
    ).eval()
    x = torch.randn(shape)
    with EmbeddingRecorder(head) as recorder:
        scores = head(x)
        embedding = recorder.embedding()
    assert embedding.shape == (6, embed or 16)
    assert scores.shape == (6, 7)
    expected = F.linear(embedding, head.fc_cls.weight, head.fc_cls.bias)
    torch.testing.assert_close(scores, expected)
    if embed is None and len(shape) > 2:
        torch.testing.assert_close(embedding, x.mean(dim=(2, 3, 4)))


def test_losses_by_name(head):
    x, labels = torch.randn(5, 16), [0, 0, 1, 2, 1]
    losses = head.loss(x, samples(labels))
    assert set(losses) == {
        'loss_cls', 'loss_ecstfl', 'top1_acc', 'intra_class_distance',
        'inter_class_distance',
    }  # fmt: skip
    y = torch.tensor(labels)
    torch.testing.assert_close(losses['loss_cls'], F.cross_entropy(head(x), y))
    torch.testing.assert_close(losses['loss_ecstfl'], 10 * ec_stfl_loss(x, y))


def test_feature_losses_see_the_embedding_before_dropout(head):
    x, y = torch.randn(6, 16), [0, 1, 2, 0, 1, 2]
    dropping = C3DHead(in_channels=16, feature_losses=[EC], dropout_ratio=0.9).train()
    expected = head.loss(x, samples(y))['loss_ecstfl']
    assert dropping.loss(x, samples(y))['loss_ecstfl'].equal(expected)


def test_several_clips_repeat_the_label_of_their_video(head):
    x = torch.randn(6, 16)
    once = head.loss(x, samples([3, 3, 5, 5, 0, 0]))
    repeated = head.loss(x, samples([3, 5, 0]))
    assert all(once[name].equal(repeated[name]) for name in once)


def test_several_clips_are_averaged_as_probabilities(head):
    x = torch.randn(6, 16)
    predicted = head.predict(x, samples([0, 1, 2]))
    for i, sample in enumerate(predicted):
        expected = head(x[2 * i : 2 * i + 2]).softmax(dim=1).mean(dim=0)
        torch.testing.assert_close(sample.pred_score, expected)


def test_no_feature_losses_by_default():
    losses = C3DHead(in_channels=16).loss(torch.randn(2, 16), samples([0, 6]))
    assert set(losses) == {'loss_cls', 'top1_acc'}


def test_bfloat16(head):
    head = head.to(torch.bfloat16)
    x = torch.randn(4, 16, dtype=torch.bfloat16)
    losses = head.loss(x, samples([0, 0, 1, 1]))
    assert all(value.dtype != torch.bfloat16 for value in losses.values())
    assert sum(v for k, v in losses.items() if 'loss' in k).isfinite()


def test_soft_labels_are_refused_by_the_feature_loss(head):
    soft = [ActionDataSample().set_gt_label(torch.full((7,), 1 / 7)) for _ in range(3)]
    with pytest.raises(ValueError, match='Soft labels'):
        head.loss(torch.randn(3, 16), soft)


WEIGHTS = [1.0, 2.0, 1.0, 0.5, 1.0, 8.0, 3.0]


@pytest.mark.parametrize('eps', [0.0, 0.1])
@pytest.mark.parametrize('weights', [None, WEIGHTS])
@pytest.mark.parametrize('gamma', [None, 2.0])
@pytest.mark.parametrize('labels', [[0, 5, 5, 3, 6], list(range(7)), [4]])
def test_class_weights_label_smoothing_and_focal_loss(eps, weights, gamma, labels):
    torch.manual_seed(0)
    loss_cls = dict(type='CrossEntropyLoss', class_weight=weights)
    if gamma is not None:
        loss_cls = dict(type='FocalLoss', class_weight=weights, gamma=gamma)
    head = C3DHead(
        in_channels=16,
        feature_losses=[EC],
        dropout_ratio=0.0,
        loss_cls=loss_cls,
        label_smooth_eps=eps,
    )
    x = torch.randn(len(labels), 16)
    losses = head.loss(x, samples(labels))
    scores = head(x)
    total = divisor = 0.0
    for row, label in zip(scores.softmax(dim=1).tolist(), labels):
        for c, p in enumerate(row):
            share = eps / 7 + (1 - eps) * (c == label)
            share *= weights[c] if weights else 1
            total -= share * (1 - p) ** (gamma or 0) * math.log(p)
            divisor += share
    assert losses['loss_cls'].item() == pytest.approx(total / divisor, rel=1e-5)
    # Smoothing is for the classifier: accuracy and feature losses see the class.
    y = torch.tensor(labels)
    right = (scores.argmax(dim=1) == y).double().mean()
    assert losses['top1_acc'].item() == pytest.approx(right.item())
    torch.testing.assert_close(losses['loss_ecstfl'], 10 * ec_stfl_loss(x, y))
    sum(value for name, value in losses.items() if 'loss' in name).backward()
    assert head.fc_cls.weight.grad.isfinite().all()


def voted(labels, shares):
    result = samples(labels)
    for sample, share in zip(result, shares):
        sample.set_field(share.numpy(), 'label_distribution')
    return result


def test_votes_are_learnt_and_single_labels_compared(head):
    torch.manual_seed(0)
    shares = torch.rand(6, 7)
    shares /= shares.sum(dim=1, keepdim=True)
    x, labels = torch.randn(6, 16), [3, -1, 3, 5, -1, 0]
    losses = head.eval().loss(x, voted(labels, shares))
    scores = head(x)
    total = 0.0
    for row, share in zip(scores.softmax(dim=1).tolist(), shares.tolist()):
        total -= sum(q * math.log(p) for p, q in zip(row, share))
    assert losses['loss_cls'].item() == pytest.approx(total / 6, rel=1e-5)
    keep = [0, 2, 3, 5]
    y = torch.tensor([3, 3, 5, 0])
    torch.testing.assert_close(
        losses['loss_ecstfl'], head.feature_losses[0](x[keep], y)
    )
    right = (scores[keep].argmax(dim=1) == y).double().mean()
    assert losses['top1_acc'].item() == pytest.approx(right.item())


def test_votes_of_one_clip_and_of_none_labelled(head):
    shares = torch.full((3, 7), 1 / 7)
    losses = head.loss(torch.randn(3, 16, requires_grad=True), voted([-1] * 3, shares))
    assert losses['loss_ecstfl'].item() == 0 and 'top1_acc' not in losses
    sum(value for name, value in losses.items() if 'loss' in name).backward()
    assert head.fc_cls.weight.grad.abs().sum() > 0
    alone = head.loss(torch.randn(1, 16), voted([2], shares[:1]))
    assert alone['loss_cls'].isfinite() and alone['loss_ecstfl'].item() == 0


def test_votes_of_some_samples_only(head):
    mixed = voted([1, 2], torch.full((1, 7), 1 / 7))
    with pytest.raises(ValueError, match='1 of 2 samples have no label_distribution'):
        head.loss(torch.randn(2, 16), mixed)
