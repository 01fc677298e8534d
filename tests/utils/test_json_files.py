"""Types in JSON files."""

import pytest

from dfew_mmaction.utils.json_files import check_shape, read_json

SHAPE = dict(
    name=str, count=int, share=float, left=(str, None), rows=[{str: float}], done=bool
)
RIGHT = dict(name='a', count=1, share=1, left=None, rows=[{'x': 0.5}], done=True)


def test_right_types():
    check_shape(dict(RIGHT, more=[]), SHAPE)
    check_shape([1, 'x', None], [object])


@pytest.mark.parametrize(
    ('change', 'says'),
    [
        (dict(name=1), 'it.name: expected text, found 1'),
        (dict(count=True), 'it.count: expected a whole number, found True'),
        (dict(count=1.5), 'it.count: expected a whole number'),
        (dict(share=float('nan')), 'it.share: expected a number, found nan'),
        (dict(share=float('inf')), 'it.share: expected a number'),
        (dict(share='1'), 'it.share: expected a number'),
        (dict(left=0), 'it.left: expected text or null, found 0'),
        (dict(rows={}), 'it.rows: expected a list'),
        (dict(rows=[[]]), r'it.rows\[0\]: expected an object'),
        (dict(rows=[{'x': 'y'}]), r'it.rows\[0\].x: expected a number'),
        (dict(done=1), 'it.done: expected true or false'),
    ],
)
def test_other_types(change, says):
    with pytest.raises(ValueError, match=says):
        check_shape(RIGHT | change, SHAPE, 'it')


@pytest.mark.parametrize('text', ['', '{', '[' * 10**5, '{"a": 1}', '\xff', '[]'])
def test_other_files(tmp_path, text):
    path = tmp_path / 'a.json'
    path.write_bytes(text.encode('latin-1'))
    with pytest.raises(ValueError, match="a.json' is no table of things"):
        read_json(path, 'table of things', dict(b=int))
