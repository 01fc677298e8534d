import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dfew_mmaction.utils import class_names, json_text, read_rows, write_rows

quick = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
TEXT = st.text(st.characters(codec='utf-8', exclude_characters='\0'), max_size=8)


@quick
@given(st.lists(st.tuples(TEXT, TEXT), max_size=5))
@example([('', '\t')])
def test_any_text_comes_back(tmp_path, rows):
    path = tmp_path / 'rows.csv'
    write_rows(path, ['id', 'group'], rows)
    kept = [list(row) for row in rows if any(cell.strip() for cell in row)]
    assert [cells for _, cells in read_rows(path)] == [['id', 'group'], *kept]


def test_rows_are_numbered_as_in_an_editor(tmp_path):
    path = tmp_path / 'rows.csv'
    path.write_bytes(b'\xef\xbb\xbfid,label\r\n\r\n"a\r\nb",x\r\nc,NA\r\n')
    assert read_rows(path) == [
        (1, ['id', 'label']),
        (3, ['a\r\nb', 'x']),
        (5, ['c', 'NA']),
    ]


@pytest.mark.parametrize('content', [b'', b'\n\n', b'\x89PNG\x00\x1a\n', b'"a\n'])
def test_what_is_no_csv_is_refused_by_name(tmp_path, content):
    path = tmp_path / 'rows.csv'
    path.write_bytes(content)
    with pytest.raises(ValueError, match='rows.csv'):
        read_rows(path)


@pytest.mark.parametrize('cell', ['a\0b', 'caf\udce9'])
def test_what_could_not_be_read_back_is_not_written(tmp_path, cell):
    path = tmp_path / 'rows.csv'
    with pytest.raises(ValueError, match='Rename it'):
        write_rows(path, ['id'], [[cell]])
    assert not path.exists()


@pytest.mark.parametrize(
    'classes', ['happy', 7, None, [], [''], ['a\nb'], ['\x1b[31m'], ['a', 'a'], [True]]
)
def test_classes_that_are_no_names_are_refused(classes):
    with pytest.raises(ValueError, match='class'):
        class_names(classes)


def test_json_holds_no_nan():
    assert json_text({'a': float('inf'), 'b': [float('nan'), 1]}).split() == [
        '{', '"a":', 'null,', '"b":', '[', 'null,', '1', ']', '}',
    ]  # fmt: skip
