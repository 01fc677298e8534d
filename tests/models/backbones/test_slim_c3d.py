import pytest
import torch
from mmaction.registry import MODELS

from dfew_mmaction.models import SlimC3D


@pytest.mark.parametrize('size', [16, 48, 56, 64, 112])
def test_input_sizes(size):
    net = SlimC3D(base_channels=2, fc_channels=10, input_size=size)
    x = torch.rand(2, 3, 16, size, size, requires_grad=True)
    out = net(x)
    assert out.shape == (2, 10) and (out >= 0).all()
    out.sum().backward()
    assert x.grad.abs().sum() > 0


def test_full_width_is_mmactions_c3d():
    config = dict(type='C3D', norm_cfg=dict(type='BN3d'), out_dim=8192)
    with torch.device('meta'):
        theirs = MODELS.build(config).state_dict()
        ours = SlimC3D(64, 4096, 112).state_dict()
    assert {k: v.shape for k, v in ours.items()} == {
        k: v.shape for k, v in theirs.items()
    }


def test_same_function_as_mmactions_c3d():
    torch.manual_seed(0)
    # MMAction2's network takes any input whose pooled size fits `out_dim`.
    config = dict(type='C3D', norm_cfg=dict(type='BN3d'), out_dim=512)
    theirs = MODELS.build(config).eval()
    ours = SlimC3D(64, 4096, 16).eval()
    ours.load_state_dict(theirs.state_dict())
    x = torch.rand(1, 3, 16, 16, 16)
    torch.testing.assert_close(ours(x), theirs(x))


def test_other_clips_are_refused_with_the_size():
    net = SlimC3D(2, 4, 48)
    for shape in [(1, 3, 8, 48, 48), (1, 3, 16, 56, 56)]:
        with pytest.raises(
            ValueError, match=r'needs clips of shape \(N, 3, 16, 48, 48\)'
        ):
            net(torch.rand(shape))
    with pytest.raises(ValueError, match='at least 16'):
        SlimC3D(input_size=8)
