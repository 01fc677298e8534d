"""The guard in real training runs of a small head."""

import math

import pytest
import torch
from mmaction.registry import MODELS
from mmaction.structures import ActionDataSample
from mmengine.device import get_device
from mmengine.model import BaseModel
from mmengine.registry import init_default_scope
from mmengine.runner import Runner
from torch import nn

from dfew_mmaction.engine import FeatureLossGuardHook


class Clips(torch.utils.data.Dataset):
    metainfo = dict(dataset='clips')

    def __init__(self, informative, rare=1):
        generator = torch.Generator().manual_seed(0)
        # Of the classes 1 to 3, only every so many-th clip is kept as such.
        self.labels = torch.arange(64) % 4 * (torch.arange(64) // 4 % rare == 0)
        self.x = torch.randn(64, 8, generator=generator)
        if informative:
            self.x = self.x + 3 * nn.functional.one_hot(self.labels, 8)

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, i):
        sample = ActionDataSample().set_gt_label(self.labels[i].tolist())
        return dict(inputs=self.x[i], data_samples=sample)


class Recognizer(BaseModel):
    def __init__(self, losses, **head):
        super().__init__()
        self.backbone = nn.Linear(8, 8)
        self.cls_head = MODELS.build(
            dict(
                type='C3DHead', num_classes=4, in_channels=8, dropout_ratio=0.0,
                feature_losses=list(losses), **head,
            )
        )  # fmt: skip

    def forward(self, inputs, data_samples=None, mode='tensor'):
        x = self.backbone(torch.stack(list(inputs)))
        return self.cls_head.loss(x, list(data_samples))


def build(
    tmp_path, losses=(), *, informative=True, rare=1, batch_size=16, head=None, lr=0.1,
    epochs=1, **options,
):  # fmt: skip
    init_default_scope('mmaction')
    torch.manual_seed(0)
    return Runner(
        model=Recognizer(losses, **(head or {})),
        work_dir=str(tmp_path),
        train_dataloader=dict(
            dataset=Clips(informative, rare), batch_size=batch_size,
            sampler=dict(type='DefaultSampler', shuffle=True),
            collate_fn=dict(type='pseudo_collate'),
        ),
        optim_wrapper=dict(optimizer=dict(type='SGD', lr=lr)),
        train_cfg=dict(by_epoch=True, max_epochs=epochs),
        default_hooks=dict(logger=None, checkpoint=None),
        custom_hooks=[dict(type='FeatureLossGuardHook', **options)],
        default_scope='mmaction',
        randomness=dict(seed=0),
        experiment_name=f'{tmp_path.name}',
    )  # fmt: skip


@pytest.fixture
def warnings_of(caplog, monkeypatch):
    def run(runner):
        found = []
        monkeypatch.setattr(runner.logger, 'warning', found.append)
        runner.train()
        guard = [text for text in found if text.startswith('Step ')]
        return guard, runner.message_hub

    return run


def test_no_warning_where_a_network_learns(tmp_path, warnings_of):
    losses = [dict(type='ECSTFLLoss', loss_weight=0.1)]
    found, hub = warnings_of(build(tmp_path, losses, epochs=60, interval=4))
    assert found == []
    shares = hub.get_scalar('train/ecstfl_share').data[0]
    # Steps 4, 8, …: one measurement an epoch of four steps.
    assert len(shares) == 60 and (shares > 0).all()
    cosines = hub.get_scalar('train/ecstfl_cosine').data[0]
    assert (abs(cosines) <= 1 + 1e-6).all()
    assert (hub.get_scalar('train/embedding_norm').data[0] > 0).all()


def test_a_loss_that_pulls_too_hard(tmp_path, warnings_of):
    losses = [dict(type='ECSTFLLoss', loss_weight=1000.0)]
    runner = build(tmp_path, losses, epochs=10, interval=2, patience=3)
    found, _ = warnings_of(runner)
    hard = [text for text in found if 'loss_ecstfl' in text]
    assert len(hard) == 1
    assert 'times that of the classification loss' in hard[0]
    assert 'max_share=0.5' in hard[0]
    # The third measurement.
    assert hard[0].startswith('Step 6:')


def test_a_network_that_learns_nothing(tmp_path, warnings_of):
    runner = build(tmp_path, informative=False, lr=0.0, epochs=55)
    found, _ = warnings_of(runner)
    (start,) = [text for text in found if 'guessing by class' in text]
    assert start.startswith('Step 200:')
    assert f'reaches {math.log(4):.2f}' in start


def test_collapsed_embeddings_and_one_class(tmp_path, warnings_of):
    runner = build(tmp_path, lr=0.0, epochs=80, interval=2, patience=2)
    nn.init.zeros_(runner.model.backbone.weight)
    nn.init.ones_(runner.model.backbone.bias)
    found, _ = warnings_of(runner)
    assert any('nearly equal' in text for text in found)
    assert any('predicted as one class' in text for text in found)


def test_a_head_without_feature_losses_of_this_project(tmp_path, warnings_of):
    runner = build(tmp_path, informative=False, lr=0.0, epochs=55)
    head = dict(type='I3DHead', num_classes=4, in_channels=8, spatial_type=None)
    runner.model.cls_head = MODELS.build(head).to(get_device())
    found, _ = warnings_of(runner)
    assert len(found) == 1 and 'guessing by class' in found[0]


def test_measuring_changes_no_weight(tmp_path, warnings_of):
    weights = []
    for interval in (1, 10**6):
        losses = [dict(type='ECSTFLLoss', loss_weight=1.0)]
        runner = build(tmp_path / str(interval), losses, epochs=5, interval=interval)
        warnings_of(runner)
        weights.append(runner.model.cls_head.fc_cls.weight.detach().clone())
    assert torch.equal(*weights)


def test_a_strong_pull_once_the_clips_are_fitted_is_no_mistake(tmp_path, warnings_of):
    """The gradient of a classifier that fits the clips vanishes; EC-STFL's does not."""
    losses = [dict(type='ECSTFLLoss', variant='released', loss_weight=30.0)]
    runner = build(tmp_path, losses, epochs=100, interval=4, lr=1.0)
    found, hub = warnings_of(runner)
    assert hub.get_scalar('train/ecstfl_share').data[0][-5:].min() > 3
    assert found == []


@pytest.mark.parametrize(('batch_size', 'rare'), [(1, 1), (2, 4)])
def test_small_mini_batches_are_no_mistake(tmp_path, warnings_of, batch_size, rare):
    runner = build(
        tmp_path, [dict(type='ECSTFLLoss', loss_weight=0.1)], batch_size=batch_size,
        rare=rare, epochs=20, interval=2, lr=0.02,
    )  # fmt: skip
    found, _ = warnings_of(runner)
    assert found == []


@pytest.mark.parametrize(
    ('head', 'rare'),
    [
        (dict(loss_cls=dict(type='FocalLoss')), 1),
        (dict(loss_cls=dict(type='CrossEntropyLoss', class_weight=[0.1, 1, 1, 1])), 4),
        (dict(loss_cls=dict(type='CrossEntropyLoss', loss_weight=0.2)), 4),
        (dict(label_smooth_eps=0.1), 4),
    ],
    ids=['focal', 'weighted', 'scaled', 'smoothed'],
)
def test_guessing_is_measured_by_the_loss_of_the_head(
    tmp_path, warnings_of, head, rare
):
    options = dict(head=head, rare=rare, epochs=55)
    stuck = build(tmp_path / 'stuck', informative=False, lr=0.0, **options)
    nn.init.zeros_(stuck.model.cls_head.fc_cls.weight)
    found, _ = warnings_of(stuck)
    assert any('guessing by class' in text for text in found)
    learning = build(tmp_path / 'learning', **options)
    assert warnings_of(learning)[0] == []


def test_soft_labels_give_nothing_to_guess(tmp_path, warnings_of):
    runner = build(tmp_path, informative=False, lr=0.0, epochs=55)
    soft = nn.functional.one_hot(runner.train_dataloader.dataset.labels, 4).float()
    runner.train_dataloader.dataset.labels = soft
    head = dict(type='I3DHead', num_classes=4, in_channels=8, spatial_type=None)
    runner.model.cls_head = MODELS.build(head).to(get_device())
    assert warnings_of(runner)[0] == []


@pytest.mark.parametrize('kind', ['ECSTFLLoss', 'PMLLoss'])
def test_a_frozen_backbone(tmp_path, warnings_of, kind):
    runner = build(tmp_path, [dict(type=kind)], epochs=55, interval=2)
    runner.model.backbone.requires_grad_(False)
    found, hub = warnings_of(runner)
    assert found == []
    names = [name for name in hub.log_scalars if name.startswith('train/loss_')]
    parts = sum(hub.get_scalar(name).data[0] for name in names)
    assert abs(hub.get_scalar('train/loss').data[0] - parts).max() < 1e-4


@pytest.mark.parametrize('option', [dict(interval=0), dict(patience=0)])
def test_refuses_intervals_below_one(option):
    with pytest.raises(ValueError, match='at least 1'):
        FeatureLossGuardHook(**option)
