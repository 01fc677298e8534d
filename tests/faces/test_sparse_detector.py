import numpy as np
import pytest

from dfew_mmaction.faces.detectors import Face, FaceDetector
from dfew_mmaction.faces.sparse_detector import SparseDetector


class Moving(FaceDetector):
    """A face that moves by two pixels a frame, in view from frame 5 to frame 13.

    The number of a frame is the value of its pixels.
    """

    def __init__(self, lose=()):
        self.searched, self.followed, self.lose = [], [], lose

    @staticmethod
    def at(number):
        if not 5 <= number <= 13:
            return []
        box = np.float32([10, 10, 50, 50]) + np.float32([2 * number, 0] * 2)
        return [Face(box, 0.9, np.float32([[2 * number, 5]] * 5))]

    def detect(self, frames):
        numbers = [int(frame[0, 0, 0]) for frame in frames]
        self.searched += numbers
        return [self.at(number) for number in numbers]

    def follow(self, frames, guesses):
        numbers = [int(frame[0, 0, 0]) for frame in frames]
        self.followed += numbers
        return [None if n in self.lose else g for n, g in zip(numbers, guesses)]


def frames(count):
    return [np.full((90, 160, 3), number, np.uint8) for number in range(count)]


@pytest.mark.parametrize('every', [1, 2, 3, 4, 8])
@pytest.mark.parametrize('piece', [1, 3, 8, 20])
def test_the_same_faces_as_on_every_frame(every, piece):
    inner = Moving()
    detector = SparseDetector(inner, every)
    detector.open('v.mp4')
    given, found = frames(20), []
    for start in range(0, 20, piece):
        found += detector.detect(given[start : start + piece])
    for number, faces in enumerate(found):
        expected = Moving.at(number)
        assert len(faces) == len(expected), number
        for face, other in zip(faces, expected):
            np.testing.assert_allclose(face.box, other.box, atol=1e-4)
            np.testing.assert_allclose(face.landmarks, other.landmarks, atol=1e-4)
    assert len(set(inner.searched)) == len(inner.searched) == detector.searched
    assert not set(inner.searched) & set(inner.followed)
    if every == 4 and piece == 20:  # 4, 8, … and what lies about the two changes
        assert sorted(inner.searched) == [0, 4, 5, 6, 8, 12, 13, 14, 16, 19]
        assert sorted(inner.followed) == [7, 9, 10, 11]


def test_what_was_lost_is_searched():
    inner = Moving(lose=[10])
    detector = SparseDetector(inner, 8)
    detector.open('v.mp4')
    found = detector.detect(frames(14)[5:])
    assert [len(faces) for faces in found] == [1] * 9
    assert sorted(inner.searched) == [5, 10, 13]


def test_after_a_cut_nothing_is_followed():
    inner = Moving()
    detector = SparseDetector(inner, 4)
    detector.open('v.mp4')
    detector.detect(frames(8)[5:8])
    detector.cut()
    detector.detect(frames(12)[8:])
    assert 8 in inner.searched


def test_every_is_one_or_more():
    with pytest.raises(ValueError, match='every must be 1 or more, got 0'):
        SparseDetector(Moving(), 0)
