"""Sizes that a model file declares are checked before memory is allocated."""

import json
import zipfile

import pytest
import torch

from dfew_mmaction.inference import ModelFacts
from dfew_mmaction.inference.classifiers.torch_classifier import TorchClassifier
from dfew_mmaction.inference.model_files.bounded_build import build_to_fit
from dfew_mmaction.inference.model_files.model_file import (
    model_file_bytes,
    read_model_file,
)


@pytest.fixture
def changed(model_file, tmp_path):
    """Write the model file with another description or other weights; load it."""

    def _changed(change=lambda facts: None, weights=None):
        file = read_model_file(model_file)
        change(file.facts)
        path = tmp_path / 'changed.pth'
        weights = file.state_dict if weights is None else weights(file.state_dict)
        path.write_bytes(model_file_bytes(weights, file.facts))
        return TorchClassifier(None, path, 'cpu')

    return _changed


@pytest.fixture
def no_memory():
    """Less memory than a network of the sizes below would need."""
    resource = pytest.importorskip('resource')
    before = resource.getrlimit(resource.RLIMIT_AS)
    with open('/proc/self/statm') as file:
        now = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + 2**30, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, before)


@pytest.mark.parametrize(
    'name, value',
    [('base_channels', 10**5), ('base_channels', 10**7), ('conv1_kernel', [10**5] * 3)],
)
def test_channels(changed, no_memory, name, value):
    def change(facts):
        facts.network['backbone'][name] = value

    with pytest.raises(ValueError, match='much larger than its weights|at most'):
        changed(change)


def test_another_size_than_the_weights(changed):
    def change(facts):
        facts.network['backbone']['base_channels'] = 4

    with pytest.raises(ValueError, match="changed.pth' does not fill the network"):
        changed(change)


def test_weights_that_repeat_one_number(no_memory):
    """Their shapes are those of a large network, in a file of some bytes."""
    size = 10**5
    network = dict(
        type='ConvModule', in_channels=size, out_channels=size, kernel_size=1
    )
    one = torch.zeros(1)
    shapes = {
        'conv.weight': one.expand(size, size, 1, 1),
        'conv.bias': one.expand(size),
    }
    with pytest.raises(ValueError, match='much larger than its weights'):
        build_to_fit(network, shapes, 'some.pth')


def test_a_file_with_such_weights(model_file, tmp_path, no_memory):
    """They are not copied to compute a checksum, or to convert them."""
    content = torch.load(model_file, weights_only=True)
    name = next(iter(content['state_dict']))
    content['state_dict'][name] = torch.zeros(1).expand(10**6, 10**6)
    torch.save(content, tmp_path / 'repeated.pth')
    with pytest.raises(ValueError, match=f'the weight {name} .* only 4 bytes'):
        read_model_file(tmp_path / 'repeated.pth')


def test_many_parts(no_memory):
    weights = {'w': torch.zeros(3)}
    network = dict(type='ResNet3d', depth=18, stage_blocks=[10**6] * 4, num_stages=4)
    with pytest.raises(ValueError, match='much larger than its weights'):
        build_to_fit(network, weights, 'some.pth')


def test_a_compressed_checkpoint(model_file, tmp_path):
    """A zip of a few bytes that unpacks to many."""
    path = tmp_path / 'bomb.pth'
    with zipfile.ZipFile(model_file) as source:
        names = {name: source.read(name) for name in source.namelist()}
    with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as file:
        for name, content in names.items():
            file.writestr(name, content)
        file.writestr('archive/data/999', bytes(10**7))
    with pytest.raises(ValueError, match='is compressed and unpacks to 1. MB'):
        read_model_file(path)


@pytest.mark.parametrize('ending', ['.pth', '.safetensors'])
def test_damaged_bytes(model_file, tmp_path, ending):
    file = read_model_file(model_file)
    safetensors = ending == '.safetensors'
    content = bytearray(model_file_bytes(file.state_dict, file.facts, safetensors))
    weight = next(iter(file.state_dict.values()))
    place = content.find(weight.numpy().tobytes()) + 1
    assert place > 0
    path = tmp_path / f'damaged{ending}'
    path.write_bytes(content)
    read_model_file(path)
    content[place] ^= 1
    path.write_bytes(content)
    with pytest.raises(ValueError, match='is damaged: its weights are not those that'):
        read_model_file(path)


BASE = ModelFacts(('a', 'b'), 16, 'even', (8, 8), (0.0,), (1.0,))


@pytest.mark.parametrize(
    'name, value, says',
    [
        ('num_frames', 10**9, 'num_frames is 1000000000, expected 1 to 1024'),
        ('num_frames', 0, 'num_frames is 0'),
        ('num_frames', 16.0, 'num_frames is 16.0'),
        ('num_frames', True, 'num_frames is True'),
        ('num_frames', '16', "num_frames is '16'"),
        ('sampling', 'often', "sampling is 'often'"),
        ('sampling', ['even'], 'sampling is'),
        ('input_size', [8], 'not height and width'),
        ('input_size', [8, 10**6], 'input_size is 1000000'),
        ('input_size', [8, 8.5], 'input_size is 8.5'),
        ('input_size', 8, 'input_size is not a list'),
        ('mean', [0, 0], 'mean is not three numbers'),
        ('mean', ['0'], 'mean is not three numbers'),
        ('mean', [float('nan')], 'mean is not three numbers'),
        ('std', [0], 'std is not above 0'),
        ('std', [float('inf')], 'std is not three numbers'),
        ('classes', [], 'at least one class'),
        ('classes', 'ab', 'classes is not a list'),
        ('classes', [0, 1], 'classes are not text'),
        ('classes', ['a', 'a'], 'named twice'),
        ('classes', ['a', '\x1b[2Jb'], 'printable characters'),
        ('classes', list(map(str, range(1001))), '1001 classes'),
        ('source', 16, 'source is not text'),
        ('source', '\x1b[2J', 'control characters'),
        ('dataset', ['DFEW'], 'dataset is not an object'),
        ('dataset', {'dataset': 'a\nb'}, 'control characters'),
        ('scores', {'WAR': float('nan')}, 'the number nan'),
        ('network', {'backbone': {'width': 10**9}}, 'the number 1000000000'),
        ('network', [], 'network is not an object'),
        ('pipeline', {}, 'pipeline is not a list'),
        ('pipeline', [{'type': 'Resize', 'scale': [9999, 9]}], '9999 in Resize'),
        ('pipeline', [{'type': 'SampleFaceFrames', 'clip_len': 32}], 'clip_len 32'),
        ('template', [['a', 0]] * 5, 'could not convert'),
        ('template', [['inf', 0]] * 5, 'not made of numbers'),
        ('extra', 1, 'unexpected keyword'),
    ],
)  # fmt: skip
def test_types_and_ranges(name, value, says):
    facts = dict(json.loads(BASE.to_json()), **{name: value})
    with pytest.raises(ValueError, match='expected the description of') as error:
        ModelFacts.from_json(json.dumps(facts))
    assert says in str(error.value)


def test_depth_and_length():
    for text in ('[' * 10**5, ' ' * 10**8):
        with pytest.raises(ValueError, match='expected the description of a model'):
            ModelFacts.from_json(text)
