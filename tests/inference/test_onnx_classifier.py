"""ONNX files behind the inferencer, with torch and without."""

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from dfew_mmaction.deploy import export_network, load_network, parity_clips
from dfew_mmaction.inference import ClipClassifier, ExpressionInferencer
from dfew_mmaction.inference.classifiers.onnx_classifier import OnnxClassifier
from dfew_mmaction.inference.classifiers.torch_classifier import TorchClassifier
from dfew_mmaction.inference.model_files.onnx_file import CHECKSUM


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
    sys.argv[1], detector='none', window=1.0, stride=0.5)
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


IDENTITY = (('Identity', ['x'], ['y']),)


def foreign(path, metadata=(), takes='x', nodes=IDENTITY, values=()):
    """An ONNX file of other make; by default it gives its input back."""
    kinds = {'x': (TensorProto.FLOAT, 2), 'clips': (TensorProto.UINT8, 5)}
    element, rank = kinds[takes]
    ports = [
        helper.make_tensor_value_info(takes, element, [*'nfhwc'[:rank]]),
        helper.make_tensor_value_info(nodes[-1][2][0], TensorProto.FLOAT, ['n', 7]),
    ]
    graph = helper.make_graph(
        [helper.make_node(*node) for node in nodes], 'g', ports[:1], ports[1:], values
    )
    opset = [helper.make_opsetid('', 18)]
    content = helper.make_model(graph, opset_imports=opset, ir_version=10)
    for key, value in dict(metadata).items():
        content.metadata_props.add(key=key, value=value)
    onnx.save(content, path)
    return path


def metadata_of(path):
    """What a file says, without its checksum."""
    said = {entry.key: entry.value for entry in onnx.load(path).metadata_props}
    return {key: value for key, value in said.items() if key != CHECKSUM}


def test_files_that_are_none(model, tmp_path):
    with pytest.raises(FileNotFoundError, match="no model '.*absent.onnx'"):
        OnnxClassifier(tmp_path / 'absent.onnx')
    (tmp_path / 'cut.onnx').write_bytes(model.read_bytes()[:5000])
    with pytest.raises(ValueError, match=r"cut.onnx' is not an ONNX file that ONNX"):
        OnnxClassifier(tmp_path / 'cut.onnx')
    with pytest.raises(ValueError, match='has no description; export it by `to'):
        OnnxClassifier(foreign(tmp_path / 'foreign.onnx'))
    with pytest.raises(ValueError, match='inputs x and the outputs y; expected clips'):
        OnnxClassifier(foreign(tmp_path / 'other.onnx', metadata_of(model)))


def test_classes_of_another_number(model, tmp_path):
    content = onnx.load(model)
    for entry in content.metadata_props:
        entry.value = entry.value.replace('"happy", ', '')
        entry.key = entry.key.replace(CHECKSUM, 'removed')
    onnx.save(content, tmp_path / 'six.onnx')
    with pytest.raises(ValueError, match='has 7 probabilities, but 6 classes'):
        OnnxClassifier(tmp_path / 'six.onnx')


def test_damaged_bytes_of_onnx(model, tmp_path):
    """Wherever they are: in the graph, the description or the checksum."""
    content, path = model.read_bytes(), tmp_path / 'damaged.onnx'
    checksum = content.index(CHECKSUM.encode()) + len(CHECKSUM) + 10
    for place in (10, len(content) // 2, content.index(b'happy'), checksum):
        changed = bytearray(content)
        changed[place] ^= 1
        path.write_bytes(changed)
        with pytest.raises(ValueError, match="damaged.onnx' is damaged or was changed"):
            OnnxClassifier(path)


def huge(count):
    """A graph that sums up so many zeros."""
    nodes = (
        ('ConstantOfShape', ['count'], ['many']), ('ReduceSum', ['many'], ['sum']),
        ('Expand', ['sum', 'shape'], ['probabilities']),
    )  # fmt: skip
    values = [
        helper.make_tensor('count', TensorProto.INT64, [1], [count]),
        helper.make_tensor('shape', TensorProto.INT64, [2], [1, 7]),
    ]
    return dict(takes='clips', nodes=nodes, values=values)


def test_memory_of_a_graph_is_bounded(model, tmp_path):
    said = metadata_of(model)
    path = foreign(tmp_path / 'huge.onnx', said, **huge(10**12))
    # Old versions compute constants when they read the file, newer ones on use.
    with pytest.raises(
        ValueError,
        match="huge.onnx' (cannot be run on 1 clips.*emory|is not an ONNX file.*alloc)",
    ):
        classifier = OnnxClassifier(path)
        classifier(parity_clips(classifier.num_frames, (32, 32), 1)['drawn'])


def test_no_other_file_is_opened(model, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path('secret.bin').write_bytes(bytes(28))
    weight = TensorProto(name='w', data_type=TensorProto.FLOAT, dims=[7])
    weight.data_location = TensorProto.EXTERNAL
    for key, value in dict(location='secret.bin', offset='0', length='28').items():
        weight.external_data.add(key=key, value=value)
    nodes = (('Identity', ['w'], ['probabilities']),)
    said = metadata_of(model)
    path = foreign('other.onnx', said, takes='clips', nodes=nodes, values=[weight])
    with pytest.raises(ValueError, match='is not an ONNX file that ONNX Runtime'):
        OnnxClassifier(path)


def test_without_onnxruntime(model, monkeypatch):
    monkeypatch.setitem(sys.modules, 'onnxruntime', None)
    with pytest.raises(ImportError, match='`pip install onnxruntime`'):
        OnnxClassifier(model)
