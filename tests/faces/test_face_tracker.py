import numpy as np

from dfew_mmaction.faces.detectors import Face
from dfew_mmaction.faces.face_tracker import FaceTracker


def face(x, y=0.0, side=20.0, score=1.0):
    return Face(np.float32([x, y, x + side, y + side]), score)


def follow(tracker, frames, fps=10):
    """Ids by frame, in the order of the faces given."""
    found = []
    for index, faces in enumerate(frames):
        numbers = {id(f): n for n, f in tracker.update(faces, index / fps)}
        found.append([numbers[id(f)] for f in faces])
    return found


def test_two_that_cross_in_height_keep_their_numbers():
    frames = [[face(0, 3 * i), face(60, 60 - 3 * i)] for i in range(20)]
    shuffled = [faces[::-1] if i % 2 else faces for i, faces in enumerate(frames)]
    found = follow(FaceTracker(), shuffled)
    assert found == [[2, 1] if i % 2 else [1, 2] for i in range(20)]


def test_new_ones_are_numbered_from_left_to_right():
    assert follow(FaceTracker(), [[face(90), face(0), face(40)]]) == [[3, 1, 2]]


def test_all_together_at_best_and_not_one_by_one():
    """The first overlaps both tracks; the second only one of them, which it gets."""
    tracker = FaceTracker(min_overlap=0.1)
    follow(tracker, [[face(0), face(16)]])
    assert follow(tracker, [[face(8), face(0)]]) == [[2, 1]]


def test_a_blink_is_bridged_and_a_pause_is_not():
    tracker = FaceTracker(patience=0.5)
    assert follow(tracker, [[face(0)], [], [], [face(2)]]) == [[1], [], [], [1]]
    assert tracker.ended(0.7) == [] and tracker.ended(0.9) == [1]
    assert tracker.ended(0.9) == []
    assert tracker.update([face(2)], 1.0)[0][0] == 2


def test_a_jump_is_another_face():
    assert follow(FaceTracker(), [[face(0)], [face(15)]]) == [[1], [2]]


def test_a_cut_ends_all_tracks():
    """Another person at the same place, as after a cut, has another number."""
    tracker = FaceTracker()
    assert follow(tracker, [[face(0), face(60)]]) == [[1, 2]]
    assert tracker.cut() == [1, 2] and tracker.cut() == []
    assert [number for number, _ in tracker.update([face(0), face(60)], 0.1)] == [3, 4]
    assert tracker.ended(9.0) == [3, 4]
