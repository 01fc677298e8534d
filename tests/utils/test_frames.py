import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dfew_mmaction.utils import list_frames

quick = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
NUMBERS = st.integers(0, 120)


def make(tmp_path_factory, names):
    folder = tmp_path_factory.mktemp('frames')
    for name in random.sample(names, len(names)):
        (folder / name).touch()
    return folder


@pytest.mark.parametrize(
    'names',
    [
        ['frame1_face0.jpg', 'frame2_face0.jpg', 'frame10_face0.jpg'],
        ['1.jpg', '2.JPG', '10.jpeg', '11.png'],
        ['00012_9.jpg', '00012_10.jpg'],
        ['7_of_12.jpg', '12_of_12.jpg'],
        ['1_2.jpg', '1_10.jpg', '2_1.jpg'],
        ['0001.jpg', '0002.jpg', '0010.jpg'],
    ],
)
def test_natural_order(tmp_path_factory, names):
    others = ['.3.jpg', 'cover.jpg', 'notes.txt']
    assert list_frames(make(tmp_path_factory, [*names, *others])) == names


@quick
@given(st.data(), st.sampled_from(['{}', 'f{}_face{}', '{}-{}-{}', 'a{}b{}.x']))
def test_numbers_rule_whatever_the_padding(tmp_path_factory, data, pattern):
    count = pattern.count('{}')
    numbers = data.draw(st.sets(st.tuples(*[NUMBERS] * count), min_size=1, max_size=9))
    width = data.draw(st.integers(1, 4))
    names = [
        pattern.format(*(f'{n:0{width}d}' for n in entry)) + '.jpg'
        for entry in sorted(numbers)
    ]
    assert list_frames(make(tmp_path_factory, names)) == names


@pytest.mark.parametrize(
    'names',
    [
        ['1.jpg', '01.jpg'],
        ['1.jpg', '1.png'],
        ['a1.jpg', 'b2.jpg'],
        ['1.jpg', '2_3.jpg'],
    ],
)
def test_ambiguous_order_is_refused(tmp_path_factory, names):
    folder = make(tmp_path_factory, names)
    with pytest.raises(ValueError, match='is ambiguous') as error:
        list_frames(folder)
    assert all(name in str(error.value) for name in [*names, str(folder)])
