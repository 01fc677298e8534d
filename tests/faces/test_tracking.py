import itertools

import numpy as np
import pytest

from dfew_mmaction.faces import main_face
from dfew_mmaction.faces.detectors import Face
from dfew_mmaction.faces.tracking import CONTINUITY, box_iou, count_jumps

SIZE = (640, 360)


def face(x, y, side, score=1.0):
    half = side / 2
    return Face(np.float32([x - half, y - half, x + half, y + half]), score)


def test_nothing_and_one():
    one = face(10, 10, 5)
    assert main_face([], SIZE) == []
    assert main_face([[], [one], []], SIZE) == [None, one, None]


def test_largest_and_most_central():
    large, small = face(320, 180, 120), face(320, 180, 60)
    assert main_face([[small, large]] * 3, SIZE) == [large] * 3
    middle, corner = face(320, 180, 80), face(60, 60, 80)
    assert main_face([[corner, middle]] * 3, SIZE) == [middle] * 3


def test_a_larger_face_for_a_moment_does_not_take_over():
    ours, other = face(250, 180, 100), face(450, 180, 130)
    frames = [[ours]] * 5 + [[ours, other]] * 2 + [[ours]] * 5
    assert main_face(frames, SIZE) == [ours] * 12


def test_found_again_after_a_gap():
    ours, other = face(250, 180, 100), face(500, 180, 100)
    frames = [[ours, other], [ours, other], [], [], [other, ours]]
    assert main_face(frames, SIZE) == [ours, ours, None, None, ours]


def test_greatest_sum_of_all_paths():
    rng = np.random.default_rng(0)
    frames = [
        [face(*rng.uniform(100, 300, 2), rng.uniform(30, 200), rng.random())
         for _ in range(rng.integers(1, 4))]
        for _ in range(6)
    ]  # fmt: skip

    def worth(path):
        total = 0.0
        for index, one in enumerate(path):
            width, height = one.box[2] - one.box[0], one.box[3] - one.box[1]
            middle = (one.box[:2] + one.box[2:]) / 2
            away = np.hypot(middle[0] - 320, middle[1] - 180) / np.hypot(320, 180)
            share = width * height / (640 * 360)
            total += one.score * np.sqrt(share) * (1 - min(away, 1) / 2)
            if index:
                total += CONTINUITY * box_iou(path[index - 1].box, one.box)
        return total

    best = max(itertools.product(*frames), key=worth)
    assert main_face(frames, SIZE) == list(best)


@pytest.mark.parametrize(
    'other, expected',
    [
        ([0, 0, 2, 2], 1.0),
        ([1, 0, 3, 2], 1 / 3),
        ([2, 2, 4, 4], 0.0),
        ([5, 5, 5, 5], 0),
    ],
)
def test_box_iou(other, expected):
    one = np.float32([0, 0, 2, 2])
    assert box_iou(one, np.float32(other)) == pytest.approx(expected)


def test_across_a_cut_the_largest_face_counts_alone():
    """Two shots: the face that was followed is small in the second one."""
    first = [[face(320, 180, 120)]] * 6
    small, large = face(320, 180, 110), face(430, 180, 125)
    second = [[small, large]] * 6
    kept = main_face(first + second, SIZE)
    assert kept[6:] == [small] * 6
    assert main_face(first + second, SIZE, cuts=[6])[6:] == main_face(second, SIZE)


def test_jumps():
    here, there = face(100, 100, 50), face(300, 100, 50)
    chosen = [here, here, None, there, there, here]
    assert count_jumps(chosen) == 2
    assert count_jumps(chosen, cuts=[3]) == 1 and count_jumps(chosen, cuts=[2, 5]) == 0
    assert count_jumps([]) == count_jumps([None]) == 0
