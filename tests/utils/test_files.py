import pytest

from dfew_mmaction.utils import write_beside


def test_file_is_whole_or_as_before(tmp_path):
    path = tmp_path / 'new' / 'table.csv'
    with write_beside(path) as beside:
        assert beside.suffix == '.csv' and not path.exists()
        beside.write_text('first')
    assert path.read_text() == 'first'
    with pytest.raises(KeyError), write_beside(path) as beside:
        beside.write_text('half')
        raise KeyError
    assert path.read_text() == 'first'
    assert [p.name for p in path.parent.iterdir()] == ['table.csv']
