import itertools

import pytest
import torch

from dfew_mmaction.models import InceptionI3D

CHANNELS = dict(
    Conv3d_1a_7x7=64, MaxPool3d_2a_3x3=64, Conv3d_2b_1x1=64, Conv3d_2c_3x3=192,
    MaxPool3d_3a_3x3=192, Mixed_3b=256, Mixed_3c=480, MaxPool3d_4a_3x3=480,
    Mixed_4b=512, Mixed_4c=512, Mixed_4d=512, Mixed_4e=528, Mixed_4f=832,
    MaxPool3d_5a_2x2=832, Mixed_5b=832, Mixed_5c=1024,
)  # fmt: skip


def halved(size, times):
    for _ in range(times):
        size = -(-size // 2)
    return size


@pytest.mark.parametrize(
    'frames, height, width', itertools.product([1, 9, 16], [32, 45], [17])
)
def test_shapes_at_all_end_points(frames, height, width):
    net = InceptionI3D(list(CHANNELS)).eval()
    with torch.no_grad():
        outputs = net(torch.rand(1, 3, frames, height, width))
    times, spaces = 0, 0
    for out, (name, channels) in zip(outputs, CHANNELS.items(), strict=True):
        if name == 'Conv3d_1a_7x7' or name.startswith('MaxPool3d_4'):
            times, spaces = times + 1, spaces + 1
        elif name.startswith('MaxPool3d_5'):
            times, spaces = times + 1, spaces + 1
        elif name.startswith('MaxPool'):
            spaces += 1
        size = (halved(frames, times), halved(height, spaces), halved(width, spaces))
        assert out.shape == (1, channels, *size), name


@pytest.mark.parametrize('name', CHANNELS)
def test_what_lies_behind_the_end_point_is_not_built(name):
    with torch.device('meta'):
        net = InceptionI3D(name)
    assert list(net._modules)[-1] == name and net.out_channels == CHANNELS[name]


def test_published_size():
    with torch.device('meta'):
        net = InceptionI3D()
    assert sum(p.numel() for p in net.parameters()) == 12287264
    norm = net.Mixed_5c.point.bn
    assert (norm.eps, norm.momentum) == (1e-3, 0.01)


def test_gradient_reaches_the_clip():
    clip = torch.rand(1, 3, 4, 32, 32, requires_grad=True)
    InceptionI3D('Mixed_3b')(clip).square().sum().backward()
    assert clip.grad.abs().sum() > 0


@pytest.mark.parametrize('wrong', ['Logits', [], ['Mixed_5c', 'x']])
def test_unknown_end_points_are_refused(wrong):
    with pytest.raises(ValueError, match='end_point must be from'):
        InceptionI3D(wrong)
