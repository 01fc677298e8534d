"""Networks in 8 bits, and their scores on clips from disk."""

import numpy as np
import onnx
import onnxruntime
import pytest
from sklearn.metrics import accuracy_score, balanced_accuracy_score

from dfew_mmaction.deploy import (
    calibration_clips,
    quantize_onnx,
    score_onnx,
)
from dfew_mmaction.inference.classifiers.onnx_classifier import OnnxClassifier
from dfew_mmaction.inference.classifiers.torch_classifier import TorchClassifier
from dfew_mmaction.inference.model_files.onnx_file import CHECKSUM


@pytest.fixture(scope='module')
def clips(network):
    return calibration_clips(network[0], 12)


@pytest.fixture(scope='module')
def eight(exported, clips, tmp_path_factory):
    return quantize_onnx(exported.path, tmp_path_factory.mktemp('8') / 'q.onnx', clips)


def test_calibration_clips_are_of_the_training_part(clips, held_out, network):
    assert clips.shape == (12, 16, 32, 32, 3) and clips.dtype == np.uint8
    assert len(np.unique(clips.reshape(12, -1), axis=0)) == 12
    tested = calibration_clips(network[0], 1000)
    assert len(tested) == 56 and len(held_out) == 14  # of 70
    with pytest.raises(ValueError, match='at least 1 clip, got 0'):
        calibration_clips(network[0], 0)


def test_eight_bits(exported, eight):
    model = onnx.load(eight)
    weights = [t for t in model.graph.initializer if len(t.dims) in (2, 5)]
    assert {t.data_type for t in weights} == {onnx.TensorProto.INT8}
    before = onnx.load(exported.path)
    said, kept = (
        {entry.key: entry.value for entry in file.metadata_props}
        for file in (before, model)
    )
    assert said.pop(CHECKSUM) != kept.pop(CHECKSUM)
    assert said.items() <= kept.items() and len(said) == 5
    assert model.opset_import[0].version >= before.opset_import[0].version
    assert OnnxClassifier(eight).facts == OnnxClassifier(exported.path).facts


def constants(path):
    return {
        tensor.name: onnx.numpy_helper.to_array(tensor)
        for tensor in onnx.load(path).graph.initializer
    }


def test_weights_are_within_half_a_step(exported, eight):
    floats, ints = constants(exported.path), constants(eight)
    # Biases are in 32 bits.
    names = [name for name, value in floats.items() if value.ndim > 1]
    names = [name for name in names if f'{name}_quantized' in ints]
    # The 3D ResNet-10 of the fixture: stem, eight in blocks, three shortcuts.
    assert len([name for name in names if floats[name].ndim == 5]) == 12
    for name in names:
        scale = ints[f'{name}_scale']
        axis = floats[name].shape.index(len(scale))
        shape = [-1 if i == axis else 1 for i in range(floats[name].ndim)]
        scale = scale.reshape(shape)
        error = np.abs(ints[f'{name}_quantized'] * scale - floats[name])
        assert (error <= 0.51 * scale).all(), name
        assert np.abs(ints[f'{name}_quantized'].astype(int)).max() <= 64  # seven bits


def test_the_8_bit_network_says_much_the_same(exported, eight, clips):
    found = [
        onnxruntime.InferenceSession(path).run(['scores'], {'clips': clips})[0]
        for path in (exported.path, eight)
    ]
    agreement = np.corrcoef(found[0].ravel(), found[1].ravel())[0, 1]
    assert 0.95 < agreement < 1


def test_no_clips(exported, clips, tmp_path):
    with pytest.raises(ValueError, match='needs clips to measure the range'):
        quantize_onnx(exported.path, tmp_path / 'q.onnx', clips[:0])
    assert not list(tmp_path.iterdir())


def test_scores(network, exported, eight, held_out, demo_root):
    scores = score_onnx(network[0], [exported.path, eight])
    split = demo_root / 'EmoLabel_DataSplit' / 'test(single-labeled)' / 'set_1.csv'
    labels = dict(row.split(',') for row in split.read_text().splitlines()[1:])
    target = [int(labels[str(int(folder.name))]) - 1 for folder in held_out]
    predicted = TorchClassifier(*network)(held_out).argmax(axis=1)
    found = scores[str(exported.path)]
    assert found['UAR'] == pytest.approx(balanced_accuracy_score(target, predicted))
    assert found['WAR'] == pytest.approx(accuracy_score(target, predicted))
    assert set(scores) == {str(exported.path), str(eight)}


@pytest.mark.parametrize(
    ('old', 'new', 'says'),
    [
        ('happy', 'content', 'the classes content, sad.* has happy, sad'),
        ('"fold": 1', '"fold": 2', 'trained on fold 2 of DFEW and would be scored on'),
    ],
)
def test_scores_on_other_data(network, exported, tmp_path, old, new, says):
    """Other classes, and clips that the network was trained on."""
    model = onnx.load(exported.path)
    for entry in model.metadata_props:
        entry.value = entry.value.replace(old, new)
        entry.key = entry.key.replace(CHECKSUM, 'removed')
    onnx.save(model, tmp_path / 'other.onnx')
    with pytest.raises(ValueError, match=says):
        score_onnx(network[0], [tmp_path / 'other.onnx'])
