import torch
from mmaction.structures import ActionDataSample

from dfew_mmaction.models import C3DHead, P3DHead


def test_it_is_the_head_of_c3d_for_2048_channels():
    torch.manual_seed(0)
    head = P3DHead(feature_losses=[dict(type='ECSTFLLoss')]).eval()
    other = C3DHead(7, 2048, feature_losses=[dict(type='ECSTFLLoss')]).eval()
    other.load_state_dict(head.state_dict())
    features = torch.rand(4, 2048, 1, 5, 5)
    samples = [ActionDataSample().set_gt_label(label) for label in (0, 0, 1, 2)]
    ours, theirs = (h.loss(features, samples) for h in (head, other))
    assert ours.keys() == theirs.keys() >= {'loss_cls', 'loss_ecstfl'}
    for name in ours:
        torch.testing.assert_close(ours[name], theirs[name])
