"""A small training run for tests of hooks."""

import pytest
import torch
from mmengine.model import BaseModel
from mmengine.runner import Runner
from torch import nn


class Toy(BaseModel):
    """A linear layer with a given loss in each epoch."""

    def __init__(self, script=None):
        super().__init__()
        self.layer, self.dropout = nn.Linear(2, 1), nn.Dropout(0.5)
        self.script, self.seen, self.iteration = script, [], 0

    def forward(self, inputs, data_samples=None, mode='tensor'):
        x = torch.stack(list(inputs)).float()
        loss = self.dropout(self.layer(x)).square().mean()
        if self.script is not None:
            loss = loss * 0 + self.script[self.iteration // 2]
        self.iteration += 1
        self.seen.append(loss.item())
        return dict(loss=loss)


class Points(torch.utils.data.Dataset):
    metainfo = dict(dataset='points')

    def __len__(self):
        return 4

    def __getitem__(self, i):
        return dict(inputs=torch.tensor([i, 1.0]))


@pytest.fixture
def toy_runner(tmp_path):
    def build(epochs, script=None, hooks=None, work_dir='run', **kwargs):
        return Runner(
            model=Toy(script),
            work_dir=str(tmp_path / work_dir),
            train_dataloader=dict(
                dataset=Points(), batch_size=2,
                sampler=dict(type='DefaultSampler', shuffle=True),
            ),
            optim_wrapper=kwargs.pop(
                'optim_wrapper', dict(optimizer=dict(type='SGD', lr=0.1))
            ),
            train_cfg=dict(by_epoch=True, max_epochs=epochs),
            default_scope='mmaction',
            experiment_name=f'{tmp_path.name}_{work_dir}_{epochs}',
            default_hooks=hooks or {},
            **kwargs,
        )  # fmt: skip

    return build
