import json
import os

import pytest

from dfew_mmaction.utils import atomic_write, write_json


def test_file_is_whole_or_as_before(tmp_path):
    path = tmp_path / 'new' / 'table.csv'
    with atomic_write(path) as beside:
        assert beside.suffix == '.csv' and not path.exists()
        beside.write_text('first')
    assert path.read_text() == 'first'
    with pytest.raises(KeyError), atomic_write(path) as beside:
        beside.write_text('half')
        raise KeyError
    assert path.read_text() == 'first'
    assert [p.name for p in path.parent.iterdir()] == ['table.csv']


def test_json_of_a_path_that_is_no_text(tmp_path):
    content = dict(video=os.fsdecode(b'caf\xe9.mp4'), loss='\u03bb')
    write_json(tmp_path / 'x.json', content)
    assert '\u03bb' in (tmp_path / 'x.json').read_text(encoding='utf-8')
    assert json.loads((tmp_path / 'x.json').read_text(encoding='utf-8')) == content
