"""ONNX files behind the inferencer, with torch and without."""

import json
import re
import subprocess
import sys

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from dfew_mmaction.deploy import export_network, load_network, parity_clips
from dfew_mmaction.inference import ClipClassifier, ExpressionInferencer
from dfew_mmaction.inference.classifiers.onnx_classifier import OnnxClassifier
from dfew_mmaction.inference.classifiers.torch_classifier import TorchClassifier


@pytest.fixture(scope='module')
def model(network, tmp_path_factory):
    path = tmp_path_factory.mktemp('onnx') / 'tiny.onnx'
    return export_network(load_network(*network), path).path


@pytest.mark.parametrize('size', [(224, 224), (32, 32), (20, 48)])
def test_gives_what_torch_gives(network, model, size):
    ours, theirs = OnnxClassifier(model, threads=1), TorchClassifier(*network)
    clips = parity_clips(theirs.num_frames, size, 3)['drawn']
    assert isinstance(ours, ClipClassifier)
    for name in ('classes', 'num_frames', 'sampling'):
        assert getattr(ours, name) == getattr(theirs, name)
    got = ours(clips)
    assert got.dtype == np.float32 and got.shape == (3, 7)
    assert np.abs(got - theirs(clips)).max() < 1e-4
    assert got.std(axis=0).max() > 1e-3  # the clips do differ
    assert ours(clips[:0]).shape == (0, 7)


WITHOUT_TORCH = """
import json, sys
for name in ('torch', 'mmaction', 'mmcv'):
    sys.modules[name] = None  # none of them is there
import numpy as np
from dfew_mmaction.inference import ExpressionInferencer
inferencer = ExpressionInferencer(
    sys.argv[1], detector='none', backend='onnx', window=1.0, stride=0.5)
(result,) = inferencer(np.load(sys.argv[2]))
print(json.dumps(result.to_dict()))
"""


def test_a_video_without_torch(network, model, tmp_path, repo):
    video = parity_clips(40, (224, 224), 1)['drawn'][0]
    np.save(tmp_path / 'video.npy', video)
    command = [sys.executable, '-c', WITHOUT_TORCH, model, tmp_path / 'video.npy']
    done = subprocess.run(command, cwd=repo, capture_output=True, text=True, check=True)
    (face,) = json.loads(done.stdout)['faces']
    inferencer = ExpressionInferencer(*network, detector='none', window=1.0, stride=0.5)
    (expected,) = inferencer(video)[0].faces
    assert face['times'] == pytest.approx(expected.times.tolist(), abs=2e-3)
    assert len(face['times']) > 1
    got = np.array(face['probabilities'])
    assert np.abs(got - expected.probabilities).max() < 2e-4  # of four digits


def test_clips_that_do_not_fit(model):
    classifier = OnnxClassifier(model)
    count = classifier.num_frames
    message = re.escape(f"'tiny.onnx' takes clips as uint8 of shape (n, {count}, h")
    for clips in (
        np.zeros((1, count, 32, 32, 3), np.float32),
        np.zeros((1, 2 * count, 32, 32, 3), np.uint8),
        np.zeros((count, 32, 32, 3), np.uint8),
        np.zeros((1, count, 3, 32, 32), np.uint8),
    ):
        with pytest.raises(ValueError, match=message):
            classifier(clips)


def foreign(path, metadata=()):
    """An ONNX file that gives its input back."""
    ports = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ['n', 3])
        for name in ('x', 'y')
    ]
    node = helper.make_node('Identity', ['x'], ['y'])
    graph = helper.make_graph([node], 'g', ports[:1], ports[1:])
    opset = [helper.make_opsetid('', 18)]
    content = helper.make_model(graph, opset_imports=opset, ir_version=10)
    for key, value in dict(metadata).items():
        content.metadata_props.add(key=key, value=value)
    onnx.save(content, path)
    return path


def test_files_that_are_none(model, tmp_path):
    with pytest.raises(FileNotFoundError, match="no model '.*absent.onnx'"):
        OnnxClassifier(tmp_path / 'absent.onnx')
    (tmp_path / 'cut.onnx').write_bytes(model.read_bytes()[:5000])
    with pytest.raises(ValueError, match=r"cut.onnx' is not an ONNX file that ONNX"):
        OnnxClassifier(tmp_path / 'cut.onnx')
    with pytest.raises(ValueError, match='has no description; export it by `to'):
        OnnxClassifier(foreign(tmp_path / 'foreign.onnx'))
    said = {e.key: e.value for e in onnx.load(model).metadata_props}
    with pytest.raises(ValueError, match='takes x and gives y; expected clips and pr'):
        OnnxClassifier(foreign(tmp_path / 'other.onnx', said))


def test_classes_of_another_number(model, tmp_path):
    content = onnx.load(model)
    for entry in content.metadata_props:
        entry.value = entry.value.replace('"happy", ', '')
    onnx.save(content, tmp_path / 'six.onnx')
    with pytest.raises(ValueError, match='has 7 probabilities, but 6 classes'):
        OnnxClassifier(tmp_path / 'six.onnx')


def test_without_onnxruntime(model, monkeypatch):
    monkeypatch.setitem(sys.modules, 'onnxruntime', None)
    with pytest.raises(ImportError, match='`pip install onnxruntime`'):
        OnnxClassifier(model)
