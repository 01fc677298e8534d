"""The lines of docs/losses.md do what it says."""

import ast
import re
from pathlib import Path

import pytest
import torch
from labels import samples
from mmaction.registry import DATA_SAMPLERS

from dfew_mmaction.models import C3DHead

DOC = Path(__file__).resolve().parents[2] / 'docs' / 'losses.md'
STATEMENTS = [
    ast.unparse(statement)
    for block in re.findall(r'```python\n(.*?)```', DOC.read_text(), re.S)
    for statement in ast.parse(block).body
]
HEADS = [line for line in STATEMENTS if not line.startswith('train_dataloader')]


def read(line):
    names = {}
    exec(line, names)
    return names


@pytest.mark.parametrize('line', HEADS)
def test_lines_for_the_head(line):
    names = read(line)
    config = names.get('cls_head') or dict(feature_losses=names['feature_losses'])
    torch.manual_seed(0)
    head = C3DHead(**config)
    x = torch.randn(24, 4096).relu().requires_grad_()
    labels = [i % 7 for i in range(24)]
    losses = head.loss(x, samples(labels))
    total = [value for name, value in losses.items() if 'loss' in name]
    assert len(total) == 1 + len(config.get('feature_losses', ()))
    sum(total).backward()
    assert x.grad.isfinite().all() and all(value > 0 for value in total)
    if 'feature_losses' in config:
        figures = 'intra_class_distance' in losses
        assert figures == (config['feature_losses'][0]['type'] != 'PMLLoss')


def test_every_line_is_tried():
    assert len(HEADS) == 10 and len(STATEMENTS) == 11


def test_lines_for_the_data_loader():
    (line,) = set(STATEMENTS) - set(HEADS)
    config = read(line)['train_dataloader']

    class Labels(list):
        def get_data_info(self, index):
            return dict(label=self[index])

    sampler = DATA_SAMPLERS.build(
        config['sampler'], default_args=dict(dataset=Labels([0, 1, 2, 3, 4, 5, 6] * 9))
    )
    batches = DATA_SAMPLERS.build(
        config['batch_sampler'],
        default_args=dict(sampler=sampler, batch_size=config['batch_size']),
    )
    assert [len(batch) for batch in batches] == [24, 24]
    assert (batches.classes_per_batch, batches.clips_per_class) == (6, 4)


def test_the_number_of_usable_losses_is_the_documented_one():
    from pytorch_metric_learning import losses

    from dfew_mmaction.models.losses.pml_loss import UNFIT

    exported = {n for n in dir(losses) if isinstance(getattr(losses, n), type)}
    assert f'{len(exported - set(UNFIT))} of its losses work' in DOC.read_text()
