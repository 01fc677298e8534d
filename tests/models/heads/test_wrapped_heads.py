"""Ways to name the head that FeatureLossHead wraps, and heads that it refuses."""

import pytest
import torch
from head_table import example_head
from labels import samples
from mmaction.registry import MODELS
from torch import nn
from torch.nn import functional as F

from dfew_mmaction.models import ECSTFLLoss, FeatureLossHead, ec_stfl_loss

EC = dict(type='ECSTFLLoss', loss_weight=10.0)
LABELS = [0, 0, 1]


def test_ways_to_say_the_same():
    rest = dict(num_classes=7, in_channels=16, dropout_ratio=0.25)
    stock = MODELS.build(dict(type='I3DHead', **rest))
    for head, more in [
        ('I3DHead', rest),
        ('mmaction.I3DHead', rest),
        (type(stock), rest),
        (dict(type='I3DHead', num_classes=400, in_channels=16), rest),
        (stock, {}),
    ]:
        config = head if isinstance(head, (dict, nn.Module)) else dict(type=head)
        built = FeatureLossHead(config, [EC], **more)
        assert built.fc_cls.weight.shape == (7, 16) and built.dropout.p == 0.25
        assert isinstance(built.feature_losses[0], ECSTFLLoss)


class Own(nn.Module):
    """A user's head, not of MMAction2's base, with losses of its own."""

    def __init__(self, twice=False):
        super().__init__()
        self.num_classes = 4
        self.hidden, self.out = nn.Linear(8, 6), nn.Linear(6, 4)
        if twice:
            self.other = nn.Linear(6, 4)

    def forward(self, x):
        return self.out(self.hidden(x).tanh())

    def loss(self, feats, data_samples):
        labels = torch.cat([sample.gt_label for sample in data_samples])
        return dict(loss_own=F.cross_entropy(self(feats), labels))


def test_a_head_of_ones_own():
    head = FeatureLossHead(Own(), [EC])
    x = torch.randn(3, 8)
    losses = head.loss(x, samples(LABELS))
    assert {'loss_own', 'loss_ecstfl'} <= set(losses)
    expected = ec_stfl_loss(head.hidden(x).tanh(), torch.tensor(LABELS))
    torch.testing.assert_close(losses['loss_ecstfl'], 10 * expected)
    named = FeatureLossHead(Own(twice=True), [EC], classifier='hidden')
    torch.testing.assert_close(
        named.loss(x, samples(LABELS))['loss_ecstfl'],
        10 * ec_stfl_loss(x, torch.tensor(LABELS)),
    )


@pytest.mark.parametrize(
    ('head', 'kwargs', 'message'),
    [
        (example_head('FeatureHead'), {}, 'FeatureHead has no classifier'),
        (example_head('RGBPoseHead'), {}, 'RGBPoseHead scores two streams'),
        (dict(type='C3DHead'), {}, 'C3DHead already has feature_losses'),
        (Own(), dict(topk=1), r"the head is built: it cannot be given \['topk'\]"),
        (Own(True), {}, r"with 4 outputs.* there are 2 .*out \(4\), other \(4\)"),
        (Own(), dict(classifier='fc'), r"no linear layer 'fc'; it has \['hidden'"),
        (nn.Conv3d(16, 7, 1), {}, r'there are 0 .*none'),
        ('subprocess.Popen', dict(args=['true']), "registered head, got head='subpro"),
        ('antigravity', {}, "name of a registered head, got head='antigravity'"),
    ],
)  # fmt: skip
def test_what_cannot_carry_the_losses_is_refused(head, kwargs, message):
    with pytest.raises(ValueError, match=message):
        FeatureLossHead(head, [EC], **kwargs)
