import cv2
import numpy as np
import pytest

from dfew_mmaction.faces.detectors import YuNet, build_detector
from dfew_mmaction.faces.detectors.yunet import faces_of_rows

# x, y, width, height; the person's right eye, left eye, nose, mouth corners; score.
ROWS = np.float32(
    [
        [10, 20, 30, 40, 18, 30, 32, 31, 25, 40, 19, 50, 31, 51, 0.75],
        [-5, 0, 20, 25, 12, 8, 2, 9, 6, 12, 11, 18, 3, 19, 0.9],
    ]
)


def test_rows_become_faces_best_first():
    best, other = faces_of_rows(ROWS)
    assert best.box.tolist() == [-5, 0, 15, 25]
    assert best.score == pytest.approx(0.9)
    assert best.landmarks.tolist() == [[2, 9], [12, 8], [6, 12], [3, 19], [11, 18]]
    assert other.box.tolist() == [10, 20, 40, 60]
    assert other.landmarks.tolist() == [
        [18, 30], [32, 31], [25, 40], [19, 50], [31, 51],
    ]  # fmt: skip
    assert best.box.dtype == best.landmarks.dtype == np.float32


def test_rows_are_scaled_by_axis():
    (face,) = faces_of_rows(ROWS[:1], back=(2, 3))
    assert face.box.tolist() == [20, 60, 80, 180]
    assert face.landmarks[0].tolist() == [36, 90]


def test_no_rows_and_foreign_rows():
    assert faces_of_rows(None) == []
    assert faces_of_rows(np.zeros((0, 15), np.float32)) == []
    with pytest.raises(
        ValueError, match=r'rows of 15 numbers, got the shape \(2, 14\)'
    ):
        faces_of_rows(ROWS[:, :14])


def test_a_missing_model(tmp_path):
    with pytest.raises(FileNotFoundError, match='is missing. .*opencv_zoo'):
        build_detector('yunet', model=tmp_path / 'yunet.onnx')
    with pytest.raises(ValueError, match="required argument: 'model'"):
        build_detector('yunet')


def test_a_pointer_is_no_model(tmp_path):
    path = tmp_path / 'yunet.onnx'
    path.write_text('version https://git-lfs.github.com/spec/v1\n')
    with pytest.raises(ValueError, match='cannot read .* only its pointer'):
        YuNet(path)


class Detector:
    """Replaces OpenCV's detector: finds the first of ROWS in bright images."""

    def setInputSize(self, size):  # noqa: N802
        self.size = size

    def detect(self, image):
        assert image.shape[1::-1] == tuple(self.size)
        return 1, ROWS[:1] if image.mean() > 100 else None


def test_frames_are_shrunk_and_the_faces_scaled_back(tmp_path, monkeypatch):
    path = tmp_path / 'yunet.onnx'
    path.write_bytes(b'')
    made = []
    monkeypatch.setattr(
        cv2.FaceDetectorYN, 'create', lambda *args: made.append(args) or Detector()
    )
    detector = YuNet(path, score_threshold=0.5, max_side=100)
    assert made == [(str(path), '', (320, 320), 0.5, 0.3, 5000)]
    bright, dark = (np.full((50, 200, 3), value, np.uint8) for value in (200, 0))
    found = detector.detect([bright, dark, bright[:, :100]])
    assert [len(faces) for faces in found] == [1, 0, 1]
    assert found[0][0].box.tolist() == [20, 40, 80, 120]
    assert found[2][0].box.tolist() == [10, 20, 40, 60]
