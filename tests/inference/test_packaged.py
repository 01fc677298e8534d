"""The network that comes with the package."""

import numpy as np
import pytest

from dfew_mmaction.inference import ExpressionInferencer, load_classifier, packaged
from dfew_mmaction.utils import CLASSES

MAX_BYTES = 15_000_000


def clips():
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (2, 8, 56, 56, 3), np.uint8)


def test_both_files_and_the_card():
    paths = [next(packaged.FOLDER.glob(f'*{end}')) for end in packaged.SUFFIXES]
    assert sum(path.stat().st_size for path in paths) < MAX_BYTES
    assert len({path.stem for path in paths}) == 1
    card = paths[0].with_suffix('.md').read_text(encoding='utf-8')
    assert 'rendered faces' in card and 'must not be used' in card


def test_it_is_what_no_model_means(capsys, monkeypatch):
    pytest.importorskip('onnxruntime')
    found = {}
    for end in packaged.SUFFIXES:
        # Of a name that is not empty, `bool` is true: PyTorch is installed.
        find_spec = bool if end == '.safetensors' else {}.get
        monkeypatch.setattr(packaged, 'find_spec', find_spec)
        classifier = load_classifier()
        said = capsys.readouterr().err
        assert said.count('\n') == 1 and 'rendered (synthetic) faces only' in said
        assert tuple(classifier.classes) == CLASSES
        assert (classifier.num_frames, classifier.sampling) == (8, 'segments')
        found[end] = classifier(clips())
    assert np.allclose(found['.safetensors'], found['.onnx'], atol=1e-4)
    assert ExpressionInferencer(detector='none').classes == CLASSES


def test_checkpoint_without_its_config():
    with pytest.raises(ValueError, match="'best.pth' needs the config of its network"):
        load_classifier(None, 'best.pth')


def test_an_installation_without_it(monkeypatch, tmp_path):
    monkeypatch.setattr(packaged, 'FOLDER', tmp_path)
    with pytest.raises(FileNotFoundError, match='has no packaged network'):
        load_classifier()


def test_smile_on_a_real_face(real_face):
    """A segment of the video in which the face smiles is read as happy."""
    (result,) = ExpressionInferencer(window=1.0, stride=0.25)(str(real_face))
    face = max(result.faces, key=lambda seen: len(seen.times))
    assert face.probabilities.shape[1] == len(CLASSES)
