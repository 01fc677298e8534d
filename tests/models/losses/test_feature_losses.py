import pytest
import torch
from labels import samples
from torch import nn

from dfew_mmaction.models import ECSTFLLoss
from dfew_mmaction.models.losses import FeatureLosses


class Norm(nn.Module):
    def forward(self, features, labels):
        assert labels.dtype == torch.int64
        return features.norm()


def test_each_loss_is_logged_by_its_name():
    losses = FeatureLosses([dict(type='ECSTFLLoss'), Norm(), Norm()])
    x = torch.eye(3, 4)
    out = losses(x, samples([0, 0, 1]))
    names = [
        'loss_ecstfl',
        'intra_class_distance',
        'inter_class_distance',
        'loss_norm',
        'loss_norm.2',
    ]
    assert list(out) == names
    assert out['loss_ecstfl'].equal(ECSTFLLoss()(x, torch.tensor([0, 0, 1])))
    assert out['loss_norm'].equal(out['loss_norm.2'])
    assert out['intra_class_distance'].item() == torch.tensor(2.0).sqrt().item()


def test_no_losses_need_no_labels():
    assert FeatureLosses()(torch.eye(2), [None, None]) == {}


@pytest.mark.parametrize('name', ['loss', 'loss_cls', 'center', 'Loss_center'])
def test_names_that_the_total_would_miss_or_double_are_refused(name):
    config = dict(type='ECSTFLLoss', loss_name=name)
    with pytest.raises(
        ValueError, match=f"ECSTFLLoss has the name '{name}' in the log"
    ):
        FeatureLosses([config])


@pytest.mark.parametrize(
    'losses', [None, dict(type='ECSTFLLoss'), 'ECSTFLLoss', ['ECSTFLLoss'], [None]]
)
def test_anything_but_a_list_of_configs_is_refused(losses):
    with pytest.raises(
        ValueError, match=r"feature_losses: .*dict\(type='ECSTFLLoss'\)"
    ):
        FeatureLosses(losses)


@pytest.mark.parametrize('name', [None, 3])
def test_names_that_are_no_text_are_refused(name):
    with pytest.raises(ValueError, match=f'has the name {name!r} in the log'):
        FeatureLosses([dict(type='ECSTFLLoss', loss_name=name)])


@pytest.mark.parametrize(
    ('result', 'got'),
    [
        (lambda x: x.norm(dim=1), r'Tensor of shape \(3,\)'),
        (lambda x: 0.0, 'float'),
        (lambda x: [x.sum()], 'list'),
        (lambda x: dict(loss=x.sum()), 'dict'),
    ],
)
def test_a_loss_that_returns_anything_but_one_number(result, got):
    class Odd(nn.Module):
        def forward(self, features, labels):
            return result(features)

    with pytest.raises(ValueError, match=f'Odd .loss_odd. must return one .*{got}'):
        FeatureLosses([Odd()])(torch.eye(3), samples([0, 0, 1]))


def test_statistics_that_would_be_minimised_are_refused():
    class Counting(Norm):
        def statistics(self, features, labels):
            return {'my_loss_count': features.sum()}

    with pytest.raises(
        ValueError, match="statistic 'my_loss_count' would be minimised"
    ):
        FeatureLosses([Counting()])(torch.eye(3), samples([0, 0, 1]))


def test_each_loss_has_a_name_of_its_own():
    names = ['loss_a.2', 'loss_a', 'loss_a', 'a_loss']
    losses = FeatureLosses([dict(type='ECSTFLLoss', loss_name=name) for name in names])
    assert losses.names == ['loss_a.2', 'loss_a', 'loss_a.3', 'a_loss']
    assert list(losses.statistic_names) == losses.names
    short = set(losses.statistic_names.values())
    assert len(short) == 4 and not any('loss' in name for name in short)


@pytest.mark.parametrize('kind', ['ECSTFLLoss', 'CenterLoss', 'PMLLoss'])
@pytest.mark.parametrize('weight', [-1, '10', None, float('nan'), float('inf'), True])
def test_weights_by_which_nothing_can_be_minimised_are_refused(kind, weight):
    with pytest.raises(ValueError, match=f'{kind}: expected a finite loss_weight'):
        FeatureLosses([dict(type=kind, loss_weight=weight)])


@pytest.mark.parametrize('eps', [0, -1, None])
def test_epsilon_is_positive(eps):
    with pytest.raises(ValueError, match='ECSTFLLoss: expected a positive eps'):
        ECSTFLLoss(variant='released', eps=eps)
