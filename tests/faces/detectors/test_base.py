import dataclasses
import subprocess
import sys

import numpy as np
import pytest

from dfew_mmaction.faces.detectors import (
    DETECTORS,
    Face,
    FaceDetector,
    NoDetector,
    build_detector,
    ordered_landmarks,
)
from dfew_mmaction.faces.detectors.base import shrink


def test_landmarks_are_ordered_by_x():
    points = np.float32([[40, 10], [20, 12], [30, 20], [38, 30], [22, 31]])
    ordered = ordered_landmarks(points)
    np.testing.assert_array_equal(ordered, points[[1, 0, 2, 4, 3]])
    np.testing.assert_array_equal(ordered_landmarks(ordered), ordered)
    assert ordered.dtype == np.float32 and points[0, 0] == 40


def test_each_pair_and_each_face_is_ordered_by_itself():
    one = np.float32([[1, 0], [2, 0], [3, 0], [9, 5], [4, 6]])
    other = np.float32([[2, 0], [1, 0], [3, 0], [4, 6], [9, 5]])
    ordered = ordered_landmarks([one, other])
    assert ordered.shape == (2, 5, 2)
    np.testing.assert_array_equal(ordered[0], one[[0, 1, 2, 4, 3]])
    np.testing.assert_array_equal(ordered[1], other[[1, 0, 2, 3, 4]])


def test_other_shapes_of_landmarks_are_refused():
    with pytest.raises(ValueError, match=r'\(\.\.\., 5, 2\), got \(68, 2\)'):
        ordered_landmarks(np.zeros((68, 2)))


def test_an_unknown_name_lists_the_known():
    names = 'landmarks_file, mmdet, mtcnn, none, yunet'
    message = f"unknown face detector 'dlib'.* one of {names}"
    with pytest.raises(ValueError, match=message):
        build_detector('dlib')
    with pytest.raises(ValueError, match='unknown face detector None'):
        build_detector({'min_face': 20})


@pytest.mark.parametrize(
    ('options', 'says'),
    [
        (dict(min_face='x'), "'mtcnn': min_face must be a whole number, got 'x'"),
        (dict(min_face=float('nan')), 'min_face must be a whole number, got nan'),
        (dict(batch_size=1.5), 'batch_size must be a whole number, got 1.5'),
        (dict(scale='big'), "scale must be a number, got 'big'"),
        (dict(thresholds=0.5), 'thresholds must be a list of numbers, got 0.5'),
        (dict(max_side=float('inf')), 'max_side must be a whole number, got inf'),
        (dict(scale=0.99999), 'scale must be above 0 and at most 0.99'),
    ],
)
def test_options_that_are_no_numbers(options, says):
    with pytest.raises(ValueError, match=says):
        build_detector('mtcnn', **options)


def test_options_win_over_the_config(tmp_path):
    config = {'type': 'landmarks_file', 'folder': 'nowhere'}
    assert build_detector(config, folder=tmp_path).folder == tmp_path
    assert config == {'type': 'landmarks_file', 'folder': 'nowhere'}


def test_a_new_detector_is_one_class():
    @DETECTORS.register_module('corner')
    class Corner(FaceDetector):
        def __init__(self, size=8):
            self.size = size

        def detect(self, frames):
            return [[Face(np.float32([0, 0, self.size, self.size]), 0.5)]] * len(frames)

    try:
        detector = build_detector('corner', size=3)
        detector.open('a.mp4')
        assert detector.detect([None])[0][0].box.tolist() == [0, 0, 3, 3]
    finally:
        DETECTORS.module_dict.pop('corner')


def test_no_detector_takes_the_whole_frame():
    frames = [np.zeros((4, 6, 3), np.uint8), np.zeros((8, 2, 3), np.uint8)]
    found = NoDetector().detect(frames)
    assert [face.box.tolist() for (face,) in found] == [[0, 0, 6, 4], [0, 0, 2, 8]]
    for (face,) in found:
        assert face.box.dtype == np.float32
        assert face.score == 1 and face.landmarks is None
    with pytest.raises(dataclasses.FrozenInstanceError):
        found[0][0].score = 0
    assert NoDetector().detect([]) == []


@pytest.mark.parametrize(
    'frame',
    [
        np.zeros((4, 4), np.uint8),
        np.zeros((4, 4, 4), np.uint8),
        np.zeros((4, 4, 3), np.float32),
        np.zeros((0, 4, 3), np.uint8),
    ],
)
def test_what_is_no_frame_is_refused(frame):
    with pytest.raises(ValueError, match='frame 1 is .* take uint8 of shape'):
        NoDetector().detect([np.zeros((4, 4, 3), np.uint8), frame])


def test_shrink_keeps_small_frames_and_thin_ones():
    frame = np.zeros((30, 40, 3), np.uint8)
    for max_side in (None, 40):
        assert shrink(frame, max_side)[0] is frame
    small, back = shrink(np.zeros((1, 400, 3), np.uint8), 100)
    assert small.shape == (1, 100, 3) and back.tolist() == [4, 1]


def test_the_modules_need_no_torch(repo):
    code = (
        'import sys, types\n'
        'for name in ("dfew_mmaction", "dfew_mmaction.extraction"):\n'
        '    package = types.ModuleType(name)\n'
        '    package.__path__ = [name.replace(".", "/")]\n'
        '    sys.modules[name] = package\n'
        'import dfew_mmaction.faces.detectors\n'
        'assert "torch" not in sys.modules and "mmdet" not in sys.modules\n'
    )
    subprocess.run([sys.executable, '-c', code], cwd=repo, check=True)
