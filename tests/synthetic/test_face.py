import dataclasses

import cv2
import numpy as np
import pytest

from dfew_mmaction.synthetic import Identity, Pose, align_face, draw_face
from dfew_mmaction.synthetic.identity import HAIR_STYLES


def draw(person, units, pose=None, **options):
    image = np.full((240, 240, 3), 128, np.uint8)
    return draw_face(image, person, units, pose or Pose(120, 96, 72), **options)


def changed_rows(person, units):
    """Rows of the picture, as heights in face units, that the units change."""
    difference = cv2.absdiff(draw(person, {}), draw(person, units)).max(2) > 25
    return (np.flatnonzero(difference.any(1)) - 96) / 72


def plain(seed=0, **changes):
    person = Identity.sample(np.random.default_rng(seed))
    looks = {'glasses': 'none', 'beard': 'none', 'hair_style': 'short'}
    changes = {'resting': {}, **looks, **changes}
    return dataclasses.replace(person, **changes)


def test_units_change_their_own_part_of_the_picture():
    person = plain()
    smile = changed_rows(person, {'au12': 1.0})
    frown = changed_rows(person, {'au4': 1.0})
    assert smile.size and frown.size
    assert smile.min() > 0.2  # nothing at brows and eyes
    assert frown.max() < 0.2  # nothing at nose and mouth


def test_unknown_or_resting_units_change_nothing():
    person = plain()
    same = draw(person, {'au12': 0.0, 'au4': (0.0, 0.0)})
    np.testing.assert_array_equal(same, draw(person, {}))


@pytest.mark.parametrize('style', ['default', 'other'])
@pytest.mark.parametrize('hair_style', HAIR_STYLES)
def test_all_looks_can_be_drawn(style, hair_style):
    person = Identity.sample(np.random.default_rng(1), style)
    person = dataclasses.replace(person, hair_style=hair_style)
    images = [
        draw(dataclasses.replace(person, glasses=glasses, beard=beard), {})
        for glasses in ('none', 'round', 'square', 'dark rim')
        for beard in ('none', 'stubble', 'full', 'goatee', 'moustache')
    ]
    assert len({image.tobytes() for image in images}) == len(images)


def test_styles_look_different_and_unknown_is_refused():
    default, other = (
        Identity.sample(np.random.default_rng(5), style)
        for style in ('default', 'other')
    )
    assert cv2.absdiff(draw(default, {}), draw(other, {})).mean() > 10
    with pytest.raises(ValueError, match="got 'oil'"):
        Identity.sample(np.random.default_rng(5), 'oil')


def test_people_differ_at_rest():
    people = [Identity.sample(np.random.default_rng(seed)) for seed in range(200)]
    curves = np.array([person.mouth_curve for person in people])
    tilts = np.array([person.brow_tilt for person in people])
    assert curves.min() < -0.08 and curves.max() > 0.08
    assert tilts.min() < -0.08 and tilts.max() > 0.08
    light = np.array([sum(person.skin) / 3 for person in people])
    assert light.min() < 85 and light.max() > 200


def test_resting_faces_look_like_some_expression():
    people = [Identity.sample(np.random.default_rng(seed)) for seed in range(300)]
    for name in ('au1', 'au4', 'au9', 'au12', 'au15', 'au20'):
        strong = [person.resting.get(name, 0) > 0.25 for person in people]
        assert 0.03 < np.mean(strong) < 0.4, name
    assert max(person.resting.get('au43', 0) for person in people) == 0
    assert max(max(person.resting.values()) for person in people) <= 0.6


def test_turning_moves_parts_against_the_outline():
    person = plain()
    ahead, turned = draw(person, {}), draw(person, {}, Pose(120, 96, 72, yaw=0.3))
    assert cv2.absdiff(ahead, turned)[60:200].mean() > 2
    eyes = Pose(0, 0, 1, yaw=0.3).surface(np.array([(-0.43, 0.0), (0.43, 0.0)]))
    assert (eyes[:, 0] > (-0.43, 0.43)).all()


@pytest.mark.parametrize('roll', [-0.3, 0.0, 0.25])
@pytest.mark.parametrize('scale', [55, 90])
def test_alignment_undoes_place_size_and_roll(roll, scale):
    person = plain()
    image = np.full((360, 480, 3), 128, np.uint8)
    pose = Pose(250, 160, scale, roll=roll)
    draw_face(image, person, {}, pose)
    face = align_face(image, pose)
    image = np.full((360, 480, 3), 128, np.uint8)
    upright = Pose(240, 150, 79)
    draw_face(image, person, {}, upright)
    expected = align_face(image, upright)
    inner = (slice(40, 190), slice(60, 165))
    assert cv2.absdiff(face[inner], expected[inner]).mean() < 8
    assert face.shape == (224, 224, 3)
