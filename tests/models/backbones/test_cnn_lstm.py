import copy

import pytest
import torch
from mmengine.registry import init_default_scope

from dfew_mmaction.models import CNNLSTM

VGG = dict(type='VGG', depth=11, with_bn=True, bn_eval=False, out_indices=(4,))
RESNET = dict(type='ResNet', depth=18, norm_eval=False)
SHALLOW = dict(
    type='ResNet', depth=18, num_stages=1, strides=(1,), dilations=(1,),
    out_indices=(0,), norm_eval=False,
)  # fmt: skip


@pytest.fixture(autouse=True)
def scope():
    init_default_scope('mmaction')
    torch.manual_seed(0)


def shallow(**kwargs):
    return CNNLSTM(SHALLOW, in_channels=64, hidden_size=5, num_layers=2, **kwargs)


@pytest.mark.parametrize('backbone', [VGG, RESNET])
def test_papers_networks_at_112(backbone):
    net = CNNLSTM(backbone).eval()
    with torch.no_grad():
        assert net(torch.rand(1, 3, 16, 112, 112)).shape == (1, 16 * 256)


def test_outputs_of_the_lstm():
    net, clips = shallow().eval(), torch.rand(2, 3, 4, 16, 16)
    with torch.no_grad():
        frames = [net.backbone(clips[:, :, t]).mean(dim=(2, 3)) for t in range(4)]
        expected, _ = net.lstm(torch.stack(frames, dim=1))
        got = {}
        for net.output in ('concat', 'last', 'mean'):
            got[net.output] = net(clips)
    torch.testing.assert_close(got['concat'], expected.reshape(2, 20))
    torch.testing.assert_close(got['last'], expected[:, -1])
    torch.testing.assert_close(got['mean'], expected.mean(dim=1))


def test_the_order_of_frames_counts():
    net, clips = shallow(output='mean').eval(), torch.rand(1, 3, 4, 16, 16)
    with torch.no_grad():
        assert (net(clips) - net(clips.flip(2))).abs().max() > 1e-5


@pytest.mark.parametrize('chunk_size', [1, 3, 8, 100])
def test_chunks_change_nothing_in_evaluation(chunk_size):
    net, clips = shallow().eval(), torch.rand(2, 3, 4, 16, 16)
    with torch.no_grad():
        whole = net(clips)
        net.chunk_size = chunk_size
        torch.testing.assert_close(net(clips), whole)


@pytest.mark.parametrize('chunk_size', [3, 100])
def test_chunks_in_training_count_each_frame_once(chunk_size):
    net, clips = shallow(chunk_size=chunk_size).double(), torch.rand(2, 3, 4, 16, 16)
    clips = clips.double()
    plain = copy.deepcopy(net)
    net(clips).square().sum().backward()
    # The same chunks, kept instead of computed again.
    frames = clips.transpose(1, 2).flatten(0, 1)
    features = torch.cat(
        [plain.backbone(part).mean(dim=(2, 3)) for part in frames.split(chunk_size)]
    )
    plain.lstm(features.unflatten(0, (2, 4)))[0].flatten(1).square().sum().backward()
    for (name, ours), theirs in zip(net.named_parameters(), plain.parameters()):
        torch.testing.assert_close(ours.grad, theirs.grad, msg=name)
    for (name, ours), theirs in zip(net.named_buffers(), plain.buffers()):
        torch.testing.assert_close(ours, theirs, msg=name)
    norm = net.backbone.conv1.bn
    assert norm.momentum == 0.1
    assert norm.num_batches_tracked == -(-8 // chunk_size)


def test_activations_of_chunks_are_not_kept():
    def held(chunk_size):
        net, kept = shallow(chunk_size=chunk_size), []

        def note(tensor):
            kept.append(tensor.numel())
            return tensor

        with torch.autograd.graph.saved_tensors_hooks(note, lambda x: x):
            net(torch.rand(1, 3, 16, 32, 32))
        return sum(kept)

    assert held(4) < held(None) / 4


def test_what_does_not_fit_is_said():
    with pytest.raises(ValueError, match='returns 64 channels.*in_channels=65'):
        CNNLSTM(SHALLOW, in_channels=65)(torch.rand(1, 3, 2, 16, 16))
    with pytest.raises(ValueError, match='frames of 16 x 16 are too small for VGG'):
        CNNLSTM(VGG)(torch.rand(1, 3, 2, 16, 16))
    with pytest.raises(ValueError, match='output must be one of'):
        shallow(output='first')
    with pytest.raises(ValueError, match='chunk_size must be at least 1'):
        shallow(chunk_size=0)
