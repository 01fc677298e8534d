import pytest
import torch
from mmaction.registry import MODELS
from mmaction.structures import ActionDataSample
from mmengine.registry import init_default_scope
from torch.nn import functional as F

from dfew_mmaction.engine.loss_gradients import batch_gradients


def test_gradients_of_a_stock_head_with_segments():
    init_default_scope('mmaction')
    torch.manual_seed(0)
    losses = [dict(type='ECSTFLLoss', loss_weight=10)]
    model = MODELS.build(
        dict(
            type='Recognizer2D',
            backbone=dict(type='ResNet', depth=18),
            cls_head=dict(
                type='FeatureLossHead',
                head='TSMHead',
                num_classes=7,
                in_channels=512,
                num_segments=4,
                is_shift=False,
                feature_losses=losses,
            ),
        )  # fmt: skip
    ).eval()
    batch = dict(
        inputs=[torch.randint(0, 255, (4, 3, 32, 32)) for _ in range(4)],
        data_samples=[ActionDataSample().set_gt_label(y) for y in (0, 0, 1, 2)],
    )
    found = batch_gradients(model, batch)
    assert set(found) == {'loss_cls', 'loss_ecstfl', 'embedding'}
    assert found['loss_cls']['relative'] == pytest.approx(1)
    assert found['loss_cls']['cosine'] == pytest.approx(1)
    # Both losses depend on the mean of four segments: the ratio is that at the mean.
    data = model.data_preprocessor(batch, training=True)
    features, more = model.extract_feat(data['inputs'], data_samples=None)
    pooled = features.mean(dim=(2, 3)).reshape(4, 4, -1).mean(dim=1)
    x = pooled.detach().requires_grad_()
    y = torch.tensor([0, 0, 1, 2])
    (cls,) = torch.autograd.grad(F.cross_entropy(model.cls_head.fc_cls(x), y), x)
    (ec,) = torch.autograd.grad(model.cls_head.feature_losses[0](x, y), x)
    relative = (ec.norm() / cls.norm()).item()
    assert found['loss_ecstfl']['relative'] == pytest.approx(relative, rel=1e-3)
    assert all(weight.grad is None for weight in model.parameters())
