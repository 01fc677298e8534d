import numpy as np
import pytest

from dfew_mmaction.clips import face_windows
from dfew_mmaction.clips.face_windows import FaceWindows


def cut(times, window=1.0, stride=0.5, num_frames=4, sampling='even'):
    """Windows of frames with their index as value: (start, end, indices)."""
    cutter = FaceWindows(window, stride, num_frames, sampling=sampling)
    done = []
    for index, time in enumerate(times):
        done += cutter.add(time, np.full((2, 2, 3), index, np.uint8))
    done += cutter.finish()
    return [
        (round(w.start, 2), round(w.end, 2), w.clip[:, 0, 0, 0].tolist()) for w in done
    ]


def test_a_steady_video():
    """30 frames at 10 per second: windows of ten frames, every five."""
    assert cut(np.arange(30) / 10, num_frames=10) == [
        (s / 10, (s + 9) / 10, list(range(s, s + 10))) for s in (0, 5, 10, 15, 20)
    ]


def test_the_last_window_ends_with_the_last_frame():
    found = cut(np.arange(27) / 10, num_frames=10)
    assert [w[:2] for w in found] == [(0, 0.9), (0.5, 1.4), (1, 1.9), (1.5, 2.4),
                                      (1.7, 2.6)]  # fmt: skip
    assert found[-1][2] == list(range(17, 27))


def test_shorter_than_a_window():
    assert cut([0.0]) == [(0, 0, [0, 0, 0, 0])]
    assert cut([3.0, 3.1, 3.2]) == [(3.0, 3.2, [0, 1, 1, 2])]
    assert cut([]) == []


def test_times_count_and_not_numbers_of_frames():
    """Ten frames per second, then two: windows of a second in both."""
    times = [*np.arange(10) / 10, 1.0, 1.5, 2.0, 2.5, 3.0]
    found = cut(times, stride=1.0, num_frames=10)
    assert [w[:2] for w in found] == [(0, 0.9), (1.0, 1.5), (2.0, 2.5), (2.5, 3.0)]
    assert set(found[1][2]) == {10, 11} and set(found[-1][2]) == {13, 14}


def test_after_a_long_gap_windows_begin_anew():
    times = [*np.arange(15) / 10, *(100 + np.arange(15) / 10)]
    starts = [w[0] for w in cut(times)]
    assert starts[0] == 0 and 100.0 in starts and len(starts) < 8


def test_a_window_is_kept_and_no_more():
    cutter = FaceWindows(1.0, 0.5, 4, sampling='even')
    for index in range(1000):
        cutter.add(index / 10, np.zeros((2, 2, 3), np.uint8))
        assert len(cutter._frames) <= 11


def test_the_whole_video_is_one(monkeypatch):
    assert cut(np.arange(40) / 10, window=None, num_frames=2) == [(0, 3.9, [0, 39])]
    monkeypatch.setattr(face_windows, 'MAX_FRAMES', 20)
    with pytest.raises(ValueError, match='more than 20 frames.* set a window'):
        cut(np.arange(40) / 10, window=None)
