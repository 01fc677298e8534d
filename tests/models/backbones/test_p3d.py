import itertools

import pytest
import torch

from dfew_mmaction.models import P3D
from dfew_mmaction.models.backbones.p3d import P3DBlock


@pytest.mark.parametrize(
    'frames, height, width', itertools.product([16, 20, 32], [1, 32, 50], [32, 33])
)
def test_shapes(frames, height, width):
    net = P3D(base_channels=2).eval()
    out = net(torch.rand(2, 3, frames, height, width))
    assert out.shape == (2, 64, frames // 16, -(-height // 32), -(-width // 32))


@pytest.mark.parametrize('depth, blocks', [(63, 16), (131, 33), (199, 50)])
def test_blocks_of_three_kinds_in_turn_and_the_last_stage_in_two_dimensions(
    depth, blocks
):
    with torch.device('meta'):
        net = P3D(depth)
    kinds = [m.kind for m in net.modules() if isinstance(m, P3DBlock)]
    assert len(kinds) == blocks and kinds[-3:] == ['2D'] * 3
    assert kinds[:-3] == [('A', 'B', 'C')[i % 3] for i in range(blocks - 3)]
    assert all(p.dim() < 5 for p in net.layer4.parameters())


def test_published_size():
    with torch.device('meta'):
        assert sum(p.numel() for p in P3D().parameters()) == 24925632


def test_each_time_step_goes_through_the_last_stage_alone():
    torch.manual_seed(0)
    net = P3D(base_channels=2).eval().double()
    seen = []
    net.layer4.register_forward_hook(lambda m, args, out: seen.append(args[0]))
    out = net(torch.rand(2, 3, 48, 32, 32, dtype=torch.float64))
    assert out.shape[2] == 3 and seen[0].shape[0] == 6
    for clip, step in itertools.product(range(2), range(3)):
        alone = net.layer4(seen[0][clip * 3 + step][None])
        torch.testing.assert_close(out[clip, :, step], alone[0])


def test_gradient_reaches_all_weights_and_the_clip():
    net = P3D(base_channels=2)
    clip = torch.rand(2, 3, 16, 32, 32, requires_grad=True)
    net(clip).square().sum().backward()
    assert clip.grad.abs().sum() > 0
    assert all(p.grad is not None for p in net.parameters())


def test_what_does_not_fit_is_said():
    with pytest.raises(ValueError, match=r'T of at least 16, got \(1, 3, 15, 32, 32\)'):
        P3D(base_channels=2)(torch.rand(1, 3, 15, 32, 32))
    with pytest.raises(ValueError, match=r'depth must be one of \[63, 131, 199\]'):
        P3D(50)
    for kinds in ['AD', '']:
        with pytest.raises(ValueError, match='kinds must be from'):
            P3D(kinds=kinds)
