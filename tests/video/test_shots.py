import cv2
import numpy as np
import pytest

from dfew_mmaction.video import find_cuts, mark_cuts, open_video

RNG = np.random.default_rng(0)


def shot(count, level, speed=1):
    """Frames of a smooth pattern that moves; each with the noise of a camera."""
    x, y = np.meshgrid(np.arange(96), np.arange(54))
    frames = []
    for index in range(count):
        wave = np.sin((x + speed * index) / 9 + level) + np.cos(y / 7 * (1 + level % 3))
        noise = RNG.normal(0, 4, (54, 96, 3))
        frames.append(np.clip(level + 25 * wave[..., None] + noise, 0, 255))
    return [frame.astype(np.uint8) for frame in frames]


def at_25(frames):
    return ((index / 25, frame) for index, frame in enumerate(frames))


def test_cuts_are_where_they_were_made():
    frames = [*shot(20, 80), *shot(15, 140), *shot(5, 60), *shot(20, 110)]
    assert find_cuts(at_25(frames)) == [20, 35, 40]


def test_no_cut_in_one_shot():
    assert find_cuts(at_25(shot(40, 120))) == []
    assert find_cuts(at_25(shot(40, 120, speed=12))) == []  # a fast pan
    assert find_cuts([]) == [] and find_cuts(at_25(shot(1, 120))) == []


def test_a_flash_is_no_cut():
    frames = shot(30, 100)
    for index in (12, 13):
        frames[index] = np.clip(frames[index].astype(int) + 120, 0, 255).astype(
            np.uint8
        )
    assert find_cuts(at_25(frames)) == []


def test_fades_are_no_cuts():
    shots = np.stack(shot(40, 140)).astype(float)
    fade = shots * np.linspace(1, 0, 40)[:, None, None, None]
    assert find_cuts(at_25(fade.astype(np.uint8))) == []


@pytest.mark.parametrize('length', [8, 20, 45])
def test_a_dissolve_ends_a_shot(length):
    one, two = (np.stack(shot(60 + length, level, speed=0.1)) for level in (80, 142))
    share = np.clip((np.arange(60 + length) - 29) / (length + 1), 0, 1)
    share = share[:, None, None, None]
    frames = ((1 - share) * one + share * two).astype(np.uint8)
    (cut,) = find_cuts(at_25(frames))
    assert abs(cut - (30 + length)) <= 3


def test_the_frames_pass_through():
    frames = shot(7, 90)
    times, passed, cuts = zip(*mark_cuts(at_25(frames)))
    assert times == tuple(index / 25 for index in range(7)) and not any(cuts)
    assert all(one is other for one, other in zip(passed, frames))


def test_real_videos(real_face):
    """One shot each; put one after the other, one cut or dissolve."""
    other = real_face.with_name('no_face.mp4')
    one, two = (list(open_video(path).frames) for path in (real_face, other))
    assert find_cuts(one) == [] and find_cuts(two) == []
    assert find_cuts(one + two) == [len(one)]
    size = one[0][1].shape[1::-1]
    two = [(seconds, cv2.resize(frame, size)) for seconds, frame in two]
    shares = np.linspace(0, 1, 16)
    mixed = [
        (old[0], cv2.addWeighted(old[1], 1 - share, new[1], share, 0))
        for old, new, share in zip(one[-16:], two, shares)
    ]
    (cut,) = find_cuts(one[:-16] + mixed + two[16:])
    assert abs(cut - len(one)) <= 3
