import copy

import pytest
import torch
from mmengine.model import BaseModel
from mmengine.runner import Runner
from torch import nn

import dfew_mmaction  # noqa: F401

HOOK = dict(channels_last=dict(type='ChannelsLastHook'))
CHECKPOINT = dict(checkpoint=dict(type='CheckpointHook', interval=1))
SEED = [dict(type='EpochSeedHook')]


class Network(BaseModel):
    """Two convolutions, 2-D or 3-D, that record the memory format of their input."""

    def __init__(self, dims):
        super().__init__()
        conv, norm = {
            2: (nn.Conv2d, nn.BatchNorm2d),
            3: (nn.Conv3d, nn.BatchNorm3d),
        }[dims]
        self.format = {2: torch.channels_last, 3: torch.channels_last_3d}[dims]
        self.backbone = nn.Sequential(
            conv(3, 8, 3, bias=False), norm(8), nn.ReLU(), conv(8, 4, 3)
        )
        self.fc = nn.Linear(4, 2)
        self.layouts, self.losses = [], []
        for layer in (self.backbone[0], self.backbone[3]):
            layer.register_forward_hook(self.note)

    def note(self, layer, inputs, output):
        for value in (inputs[0], layer.weight, output):
            self.layouts.append(value.is_contiguous(memory_format=self.format))

    def forward(self, inputs, data_samples=None, mode='tensor'):
        scores = self.fc(self.backbone(torch.stack(list(inputs))).flatten(2).mean(2))
        loss = nn.functional.cross_entropy(scores, torch.arange(2).to(scores.device))
        self.losses.append(loss.item())
        return dict(loss=loss)


class Clips(torch.utils.data.Dataset):
    def __init__(self, dims):
        noise = torch.Generator().manual_seed(0)
        self.clips = torch.rand(4, 3, *[7] * dims, generator=noise)

    def __len__(self):
        return 4

    def __getitem__(self, i):
        return dict(inputs=self.clips[i])


def train(work_dir, epochs=2, hooks=None, dims=3, optimizer=None, resume=False):
    torch.manual_seed(0)
    runner = Runner(
        model=Network(dims), work_dir=str(work_dir), resume=resume,
        train_dataloader=dict(
            dataset=Clips(dims), batch_size=2,
            sampler=dict(type='DefaultSampler', shuffle=False),
        ),
        optim_wrapper=dict(optimizer=optimizer or dict(type='Adam', lr=0.01)),
        train_cfg=dict(by_epoch=True, max_epochs=epochs), default_scope='mmaction',
        default_hooks={**CHECKPOINT, **(hooks or {})}, custom_hooks=SEED,
        randomness=dict(seed=0), experiment_name=f'{work_dir}_{epochs}_{resume}',
    )  # fmt: skip
    runner.train()
    return runner


@pytest.mark.parametrize('dims', [2, 3])
def test_inputs_weights_and_outputs_have_the_layout(tmp_path, dims):
    plain = train(tmp_path / 'plain', dims=dims)
    arranged = train(tmp_path / 'arranged', dims=dims, hooks=HOOK)
    assert not any(plain.model.layouts)
    assert all(arranged.model.layouts)
    assert arranged.model.losses == pytest.approx(plain.model.losses, rel=1e-5)
    for name, weight in plain.model.state_dict().items():
        torch.testing.assert_close(
            arranged.model.state_dict()[name], weight, rtol=1e-3, atol=1e-4
        )


def tensors(value):
    if torch.is_tensor(value):
        yield value
    elif isinstance(value, (dict, list, tuple)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from tensors(one)


def test_checkpoints_hold_the_usual_layout(tmp_path):
    runner = train(tmp_path, hooks=HOOK)
    checkpoint = torch.load(tmp_path / 'epoch_2.pth', weights_only=True)
    for part in ('state_dict', 'optimizer'):
        assert all(value.is_contiguous() for value in tensors(checkpoint[part]))
    for name, value in runner.model.state_dict().items():
        assert torch.equal(checkpoint['state_dict'][name], value)
    # The run itself keeps its format.
    moment = runner.optim_wrapper.optimizer.state[runner.model.backbone[0].weight]
    assert not moment['exp_avg'].is_contiguous()


@pytest.mark.parametrize('first, then', [(HOOK, None), (None, HOOK), (HOOK, HOOK)])
def test_resumed_with_it_or_without(tmp_path, first, then):
    # A fused optimiser goes through weights and buffers as they lie in memory.
    fused = dict(type='Adam', lr=0.01, fused=True)
    whole = train(tmp_path / 'whole', epochs=4, optimizer=dict(fused, fused=False))
    train(tmp_path / 'run', epochs=2, hooks=first, optimizer=copy.copy(fused))
    resumed = train(
        tmp_path / 'run', epochs=4, hooks=then, optimizer=fused, resume=True
    )
    assert resumed.model.losses == pytest.approx(whole.model.losses[4:], rel=1e-4)
