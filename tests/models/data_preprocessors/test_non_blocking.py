import pytest
import torch
from mmaction.registry import MODELS
from mmaction.structures import ActionDataSample

import dfew_mmaction  # noqa: F401

NUMBERS = dict(mean=[1.0, 2, 3], std=[4.0, 5, 6], format_shape='NCTHW')


def batch():
    clip = torch.arange(2 * 3 * 2 * 4 * 4).reshape(2, 3, 2, 4, 4).to(torch.uint8)
    return dict(inputs=list(clip), data_samples=[ActionDataSample() for _ in clip])


def test_gives_what_mmaction2s_gives():
    ours = MODELS.build(dict(type='NonBlockingDataPreprocessor', **NUMBERS))
    theirs = MODELS.build(dict(type='ActionDataPreprocessor', **NUMBERS))
    assert torch.equal(ours(batch())['inputs'], theirs(batch())['inputs'])


@pytest.mark.parametrize('name', ['NonBlocking', 'Action'])
def test_asks_for_copies_without_waiting(name):
    asked = []

    class Watched(torch.Tensor):
        def to(self, *args, **kwargs):
            asked.append(kwargs.get('non_blocking'))
            return super().to(*args, **kwargs)

    preprocessor = MODELS.build(dict(type=f'{name}DataPreprocessor', **NUMBERS))
    data = batch()
    data['inputs'] = [clip.as_subclass(Watched) for clip in data['inputs']]
    preprocessor.cast_data(data)
    assert asked == [name == 'NonBlocking'] * 2
