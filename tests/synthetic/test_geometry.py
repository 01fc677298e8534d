import dataclasses

import numpy as np
import pytest

from dfew_mmaction.synthetic.geometry import (
    brow_line,
    eye_shape,
    head_outline,
    level,
    mouth_shape,
    with_resting,
)
from dfew_mmaction.synthetic.identity import Identity

PEOPLE = [Identity.sample(np.random.default_rng(seed)) for seed in range(8)]


@pytest.mark.parametrize('person', PEOPLE)
def test_au12_lifts_and_widens_the_corners(person):
    rest, smile = (mouth_shape(person, u).corners for u in ({}, {'au12': 1.0}))
    assert (smile[:, 1] < rest[:, 1] - 0.1).all()
    assert np.ptp(smile[:, 0]) > 1.15 * np.ptp(rest[:, 0])


def test_a_pair_moves_one_side():
    person = PEOPLE[0]
    rest = mouth_shape(person, {}).corners
    lopsided = mouth_shape(person, {'au12': (1.0, 0.0)}).corners
    assert lopsided[0, 1] < rest[0, 1] - 0.1
    assert lopsided[1, 1] == pytest.approx(rest[1, 1])
    assert level({'au12': (1.0, 0.0)}, 'au12') == 0.5
    assert level({}, 'au12') == 0.0


@pytest.mark.parametrize('person', PEOPLE)
def test_mouth_units(person):
    rest = mouth_shape(person, {})
    assert (
        mouth_shape(person, {'au15': 1}).corners[:, 1] > rest.corners[:, 1] + 0.1
    ).all()
    assert np.ptp(mouth_shape(person, {'au20': 1}).corners[:, 0]) > 1.2 * np.ptp(
        rest.corners[:, 0]
    )
    opened = [mouth_shape(person, {n: 1}).gap for n in ('au25', 'au26')]
    assert opened[1] > opened[0] > rest.gap + 0.1
    middle = len(rest.top) // 2
    lifted = mouth_shape(person, {'au10': 1}).top[middle, 1]
    assert lifted < rest.top[middle, 1] - 0.04

    def thickness(mouth):
        return (mouth.bottom - mouth.inner_bottom)[:, 1].max()

    assert thickness(mouth_shape(person, {'au23': 1})) < 0.5 * thickness(rest)


@pytest.mark.parametrize('side', [-1, 1])
@pytest.mark.parametrize('person', PEOPLE)
def test_brow_units(person, side):
    rest = brow_line(person, {}, side)
    inner = brow_line(person, {'au1': 1}, side) - rest
    outer = brow_line(person, {'au2': 1}, side) - rest
    lower = brow_line(person, {'au4': 1}, side) - rest
    assert inner[0, 1] < -0.15 and abs(inner[-1, 1]) < 0.02
    assert outer[-1, 1] < -0.15 and abs(outer[0, 1]) < 0.02
    assert lower[0, 1] > 0.1 and side * lower[0, 0] < -0.05  # down and together
    oblique = brow_line(person, {'au1': 1, 'au4': 0.6}, side) - rest
    assert oblique[0, 1] < oblique[-1, 1] - 0.1


@pytest.mark.parametrize('side', [-1, 1])
@pytest.mark.parametrize('person', PEOPLE)
def test_eye_units(person, side):
    def opening(**units):
        return eye_shape(person, units, side).opening

    assert opening(au5=1) > 1.3 * opening()
    assert opening(au6=1) < 0.85 * opening()
    assert opening(au7=1) < 0.75 * opening()
    assert opening(au43=1) < 0.15 * opening()


def test_jaw_drop_moves_the_chin():
    person = PEOPLE[0]
    rest, dropped = (head_outline(person, u)[:, 1].max() for u in ({}, {'au26': 1}))
    assert dropped > rest + 0.25
    assert rest == pytest.approx(person.chin, abs=0.01)


def test_resting_units_give_way_to_those_that_move():
    person = dataclasses.replace(PEOPLE[0], resting={'au12': 0.4})
    assert with_resting(person, {}) == {'au12': pytest.approx(0.4)}
    speaking = with_resting(person, {'au25': 1.0})
    assert speaking == {'au12': pytest.approx(0.4), 'au25': 1.0}
    frowning = with_resting(person, {'au4': 1.0})
    assert frowning == {'au12': pytest.approx(0.12), 'au4': 1.0}
    smiling = with_resting(person, {'au12': (1.0, 0.0)})['au12']
    assert smiling[0] == pytest.approx(1.0) and 0.2 < smiling[1] < 0.4
