import pytest
import torch
from mmaction.registry import OPTIM_WRAPPERS

from dfew_mmaction.models import SlimC3D


def gradients(kind, seed):
    torch.manual_seed(seed)
    # From stage to stage 16, 16, 8, 4, 2 frames; kernels have three.
    network = SlimC3D(4, 8, 32, dropout_ratio=0.0)
    network.init_weights()
    wrapper = OPTIM_WRAPPERS.build(
        dict(type=kind, optimizer=torch.optim.SGD(network.parameters(), lr=0.1))
    )
    # What a freed block holds is what an unwritten one holds then.
    left = [torch.full((size,), torch.nan) for size in (10**3, 10**4, 10**5, 10**6)]
    del left
    with wrapper.optim_context(network):
        out = network(torch.rand(6, 3, 16, 32, 32))
    wrapper.backward(out.float().square().mean())
    return out, torch.cat([p.grad.flatten() for p in network.parameters()])


@pytest.mark.parametrize('seed', range(8))
def test_gradients_are_those_of_float32(seed):
    out, got = gradients('BFloat16OptimWrapper', seed)
    plain, expected = gradients('OptimWrapper', seed)
    assert out.dtype == torch.bfloat16 and plain.dtype == torch.float32
    assert got.dtype == torch.float32 and got.isfinite().all()
    assert torch.cosine_similarity(got, expected, dim=0) > 0.95
