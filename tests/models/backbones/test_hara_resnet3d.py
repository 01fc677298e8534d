import itertools

import pytest
import torch
from mmengine.registry import init_default_scope

from dfew_mmaction.models import HaraResNet3d
from dfew_mmaction.models.backbones.hara_resnet3d import ZeroPadShortcut


@pytest.fixture(autouse=True)
def scope():
    init_default_scope('mmaction')


@pytest.mark.parametrize(
    'depth, shortcut, frames, size',
    itertools.product([10, 18], 'AB', [4, 16, 33], [20, 32]),
)
def test_shapes(depth, shortcut, frames, size):
    net = HaraResNet3d(depth, shortcut)
    net.eval()
    with torch.no_grad():
        out = net(torch.rand(1, 3, frames, size, size))
    assert out.shape == (1, 512, -(-frames // 16), 1, 1)


def test_three_by_three_by_three_throughout():
    with torch.device('meta'):
        net = HaraResNet3d(50)
    assert net.maxpool.kernel_size == 3 and net.maxpool.stride == 2
    kernels = {
        tuple(p.shape[2:]) for n, p in net.named_parameters() if n.endswith('v.weight')
    }
    assert kernels == {(7, 7, 7), (3, 3, 3), (1, 1, 1)}


def test_shortcut_a_has_no_weights_and_takes_every_second_value():
    with torch.device('meta'):
        assert not [
            n for n, _ in HaraResNet3d(18, 'A').named_parameters() if 'down' in n
        ]
    x = torch.rand(2, 3, 5, 4, 7)
    out = ZeroPadShortcut(8, (2, 2, 2))(x)
    assert out.shape == (2, 8, 3, 2, 4) and not out[:, 3:].any()
    for n, c, t, h, w in itertools.product(*map(range, (2, 3, 3, 2, 4))):
        assert out[n, c, t, h, w] == x[n, c, 2 * t, 2 * h, 2 * w]


def test_training_moves_the_statistics():
    net = HaraResNet3d(10)
    before = net.conv1.bn.running_mean.clone()
    net(torch.rand(2, 3, 4, 32, 32)).sum().backward()
    assert not net.conv1.bn.running_mean.equal(before)


def test_unknown_settings_are_refused():
    with pytest.raises(ValueError, match=r'depth must be one of \[10, 18, 34'):
        HaraResNet3d(20)
    with pytest.raises(ValueError, match=r"shortcut must be one of \('A', 'B'\)"):
        HaraResNet3d(18, 'C')
