import cv2
import numpy as np
import pytest

from dfew_mmaction.synthetic import ACTION_UNITS, Identity, demo_sheet, draw_clip
from dfew_mmaction.synthetic.occlusion import KINDS, Occlusion
from dfew_mmaction.synthetic.pose import Pose

PERSON = Identity.sample(np.random.default_rng(2))


def test_same_seed_same_clip():
    first, second, third = (
        draw_clip(seed, PERSON, ['fear'], 12) for seed in ([1, 2], [1, 2], [1, 3])
    )
    np.testing.assert_array_equal(first.scene, second.scene)
    np.testing.assert_array_equal(first.faces, second.faces)
    assert first.scene.shape != third.scene.shape or (first.scene != third.scene).any()


@pytest.mark.parametrize('num_frames', [1, 5, 40])
def test_shapes(num_frames):
    clip = draw_clip(4, PERSON, ['happy'], num_frames, min_faces=num_frames)
    assert clip.scene.shape[0] == num_frames and clip.scene.dtype == np.uint8
    assert clip.scene.shape[1:] in [(360, 480, 3), (300, 400, 3), (240, 320, 3)]
    assert clip.faces.shape == (num_frames, 224, 224, 3)
    assert clip.found.tolist() == list(range(num_frames))


def test_some_clips_miss_faces_but_not_too_many():
    clips = [draw_clip(s, PERSON, ['sad'], 3, min_faces=2) for s in range(40)]
    counts = [len(clip.faces) for clip in clips]
    assert set(counts) == {2, 3}
    for clip in clips:
        assert len(clip.faces) == len(clip.found)
        assert (np.diff(clip.found) > 0).all() and clip.found.max() < 3


def test_hidden_faces_are_hardly_found():
    for seed in range(5):
        clip = draw_clip(seed, PERSON, ['sad'], 20, hidden=True)
        assert len(clip.scene) == 20 and len(clip.faces) < 6


def test_a_face_fills_its_frame():
    clip = draw_clip(11, PERSON, ['neutral'], 6, min_faces=6)
    skin = np.array(PERSON.skin)
    hue = cv2.cvtColor(clip.faces[0], cv2.COLOR_BGR2LAB)[60:180, 60:165, 1:].mean(
        (0, 1)
    )
    wanted = cv2.cvtColor(np.uint8(skin)[None, None], cv2.COLOR_BGR2LAB)[0, 0, 1:]
    assert np.abs(hue - wanted).max() < 25


def test_two_expressions_share_a_clip():
    units = draw_clip(3, PERSON, ['happy', 'fear'], 60, peak=1.0).units
    assert units[:, ACTION_UNITS.index('au12')].max() > 0.4
    assert units[:, ACTION_UNITS.index('au20')].max() > 0.3


@pytest.mark.parametrize('kind', KINDS)
def test_things_cover_something(kind):
    for seed in range(4):
        thing = Occlusion(np.random.default_rng(seed), 30, kind)
        covered = []
        for index in range(30):
            image = np.full((240, 240, 3), 1, np.uint8)
            thing.draw(image, PERSON, Pose(120, 96, 72), index)
            covered.append((image != 1).any(2).mean())
        assert 0.005 < max(covered) < 0.6


@pytest.mark.parametrize(
    ('expressions', 'frames', 'message'),
    [(['bored'], 5, 'bored'), ([], 5, r'\[\]'), (['sad'], 0, 'got 0')],
)
def test_bad_arguments(expressions, frames, message):
    with pytest.raises(ValueError, match=message):
        draw_clip(0, PERSON, expressions, frames)


@pytest.mark.parametrize('style', ['default', 'other'])
def test_sheet(style):
    sheet = demo_sheet(0, style, num_identities=1, num_steps=2, size=32)
    assert sheet.shape == (7 * 32 + 6 * 2, 112 + 2 * 32, 3)
    assert sheet.std() > 30
