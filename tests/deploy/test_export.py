"""Exported networks give the results of MMAction2, for any number of clips."""

import json
import logging
import sys

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from mmaction.registry import MODELS
from mmaction.structures import ActionDataSample
from mmengine.config import Config
from torch import nn

from dfew_mmaction.deploy import (
    DeployedNetwork,
    Loaded,
    export_network,
    load_network,
    parity_clips,
)


def clips_of(count, size=32):
    """Noise and synthetic faces in turn."""
    noise, drawn = parity_clips(16, (size, size), count).values()
    return np.concatenate([noise[::2], drawn[1::2]])


def by_mmaction(network, clips):
    """Probabilities by the recogniser's own preprocessing and head."""
    config, checkpoint = network
    model = MODELS.build(Config.fromfile(config).model).eval()
    model.load_state_dict(torch.load(checkpoint)['state_dict'])
    inputs = [torch.tensor(clip).permute(3, 0, 1, 2)[None] for clip in clips]
    samples = [ActionDataSample() for _ in clips]
    with torch.no_grad():
        done = model.test_step(dict(inputs=inputs, data_samples=samples))
    return torch.stack([sample.pred_score for sample in done]).numpy()


@pytest.mark.parametrize('count', [1, 5])
def test_onnx_gives_what_mmaction_gives(network, exported, count):
    clips = clips_of(count)
    session = onnxruntime.InferenceSession(exported.path)
    scores, probabilities = session.run(None, {'clips': clips})
    expected = by_mmaction(network, clips)
    assert expected.std(axis=0).max() > 0.01 or count == 1
    assert np.abs(probabilities - expected).max() < 1e-4
    exponents = np.exp(scores - scores.max(axis=1, keepdims=True))
    softmax = exponents / exponents.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(probabilities, softmax, atol=1e-6)


def test_the_file_explains_itself(exported, loaded):
    model = onnx.load(exported.path)
    assert [(o.domain, o.version) for o in model.opset_import] == [('', 18)]
    ((takes,), gives) = model.graph.input, model.graph.output
    assert takes.type.tensor_type.elem_type == onnx.TensorProto.UINT8
    shape = takes.type.tensor_type.shape.dim
    assert shape[0].dim_param and [d.dim_value for d in shape[1:]] == [16, 32, 32, 3]
    assert [node.name for node in gives] == ['scores', 'probabilities']
    said = {entry.key: entry.value for entry in model.metadata_props}
    assert said['classes'].startswith('happy, sad')
    assert '16, 32, 32, 3' in said['input']
    facts = json.loads(said['dfew_mmaction'])
    assert facts['classes'] == list(loaded.facts.classes)
    assert (facts['num_frames'], facts['input_size']) == (16, [32, 32])
    assert facts['mean'] == [127.5] * 3 and facts['source'] == '16f'
    assert facts['config'] == {}  # it contains paths of its machine
    assert b'.py' not in exported.path.read_bytes()
    assert exported.megabytes == pytest.approx(exported.path.stat().st_size / 1e6)
    assert set(exported.differences) == {'random', 'drawn'}
    assert list(exported.path.parent.iterdir()) == [exported.path]


def test_torch_export(network, loaded, tmp_path, capfd):
    level = logging.getLogger('torch.onnx').level
    path = export_network(loaded, tmp_path / 'tiny.pt2').path
    assert capfd.readouterr() == ('', '')
    assert logging.getLogger('torch.onnx').level == level
    assert b'network.py' not in path.read_bytes()
    extra = {'metadata.json': ''}
    module = torch.export.load(path, extra_files=extra).module()
    clips = clips_of(4)
    with torch.no_grad():
        probabilities = module(torch.tensor(clips))[1].numpy()
    assert np.abs(probabilities - by_mmaction(network, clips)).max() < 1e-4
    facts = json.loads(json.loads(extra['metadata.json'])['dfew_mmaction'])
    assert facts['classes'][0] == 'happy'


def test_frames_one_by_one_and_an_lstm(loaded, repo, tmp_path):
    model = Config.fromfile(repo / 'configs/demo/resnet18_lstm_ecstfl.py').model
    torch.manual_seed(0)
    other = Loaded(DeployedNetwork(MODELS.build(model)), loaded.facts)
    done = export_network(other, tmp_path / 'lstm.onnx')
    assert max(done.differences.values()) < 1e-4
    kinds = [node.op_type for node in onnx.load(done.path).graph.node]
    assert kinds.count('LSTM') == 1


class Doubtful(nn.Module):
    """Depends on the number of clips."""

    def forward(self, x):
        if len(x) > 2:
            x = x + 1
        return x.mean(dim=(2, 3, 4))


@pytest.fixture
def doubtful(loaded):
    model = MODELS.build(
        dict(
            type='Recognizer3D',
            backbone=dict(type='SlimC3D', base_channels=2, input_size=32),
            cls_head=dict(type='C3DHead', in_channels=3),
            data_preprocessor=dict(type='ActionDataPreprocessor', format_shape='NCTHW'),
        )
    )
    model.backbone = Doubtful()
    return Loaded(DeployedNetwork(model), loaded.facts)


def test_a_number_of_clips_that_is_not_free(doubtful, tmp_path):
    with pytest.raises(ValueError, match='Doubtful cannot be exported for any num'):
        export_network(doubtful, tmp_path / 'doubtful.onnx')
    assert not list(tmp_path.iterdir())


def test_a_file_that_differs_is_not_kept(loaded, tmp_path):
    with pytest.raises(ValueError, match=r'differs from PyTorch by .*\(at most 0e\+00'):
        export_network(loaded, tmp_path / 'tiny.pt2', tolerance=0.0)
    assert not list(tmp_path.iterdir())


def test_endings_and_packages(loaded, tmp_path, monkeypatch):
    with pytest.raises(ValueError, match=r'must end in \.onnx or \.pt2'):
        export_network(loaded, tmp_path / 'tiny.pb')
    monkeypatch.setitem(sys.modules, 'onnxscript', None)
    with pytest.raises(ImportError, match='ONNX needs onnxscript'):
        export_network(loaded, tmp_path / 'tiny.onnx')
    assert not list(tmp_path.iterdir())


def test_load_network_refuses_what_a_file_cannot_do(network, tmp_path):
    config, checkpoint = network
    text = config.read_text()
    for old, new, message in [
        ("format_shape='NCTHW'", "format_shape='NCHW'", "format_shape='NCHW'"),
        (
            "dict(input_format='NCTHW', type='FormatShape')",
            "dict(type='ThreeCrop', crop_size=32), "
            "dict(input_format='NCTHW', type='FormatShape')",
            'the test pipeline has ThreeCrop, which an exported file does not do',
        ),
        (
            "dict(input_format='NCTHW', type='FormatShape')",
            "dict(type='Resize', scale=(-1, 32)), "
            "dict(input_format='NCTHW', type='FormatShape')",
            'keep_ratio=True; an exported file does',
        ),
    ]:
        assert old in text
        path = tmp_path / 'changed.py'
        path.write_text(text.replace(old, new))
        with pytest.raises(ValueError, match=message):
            load_network(path, checkpoint)
