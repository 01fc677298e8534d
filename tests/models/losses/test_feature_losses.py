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
