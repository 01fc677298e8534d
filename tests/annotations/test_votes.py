import openpyxl
import pandas as pd
import pytest

from dfew_mmaction.annotations import read_votes, single_labels
from dfew_mmaction.utils import CLASSES

HEADER = '1happy,2sad,3neutral,4angry,5surprise,6disgust,7fear,order,label'


@pytest.fixture
def write(tmp_path):
    def _write(*lines, header=HEADER, name='votes.csv', encoding='utf-8'):
        path = tmp_path / name
        path.write_text('\n'.join([header, *lines]) + '\n', encoding=encoding)
        return path

    return _write


def test_csv_with_byte_order_mark_and_blank_line(write):
    path = write('6,4,0,0,0,0,0,38,1', '', '0,0,0,0,0,3,7,9,7', encoding='utf-8-sig')
    votes = read_votes(path)
    assert list(votes.columns) == list(CLASSES)
    assert votes.index.tolist() == [38, 9]
    assert votes.loc[38].tolist() == [6, 4, 0, 0, 0, 0, 0]
    assert votes.loc[9].tolist() == [0, 0, 0, 0, 0, 3, 7]


def test_workbook_of_the_release_gives_its_labels(demo_root):
    path = demo_root / 'Annotation' / 'annotation.xlsx'
    votes, raw = read_votes(path), pd.read_excel(path)
    assert votes.index.tolist() == raw['order'].tolist()
    assert votes['disgust'].tolist() == raw['6disgust'].tolist()
    assert single_labels(votes).tolist() == raw['label'].tolist()


def test_columns_in_another_order_without_numbers(write):
    path = write(
        '5,1,0,0,0,0,0,10', header='clip,fear,happy,sad,neutral,angry,surprise,disgust'
    )
    votes = read_votes(path, num_votes=11)
    assert votes.loc[5].to_dict() == dict.fromkeys(CLASSES, 0) | {
        'disgust': 10,
        'fear': 1,
    }


def test_every_wrong_row_is_named(write):
    path = write(
        '6,4,0,0,0,0,0,1,1',
        '6,3,0,0,0,0,0,2,1',
        '6,4,0,0,0,0,0,1,1',
        '6,x,0,0,0,0,4,3,1',
        '-1,5,6,0,0,0,0,4,1',
        '2.5,5,2.5,0,0,0,0,5,1',
        'nan,5,5,0,0,0,0,6,1',
        'inf,5,5,0,0,0,0,7,1',
        '5,5,0,0,0,0,0,1e30,1',
    )
    with pytest.raises(ValueError) as error:
        read_votes(path)
    text = str(error.value)
    assert '8 of 9 rows are wrong' in text and str(path) in text
    assert 'row 3: clip 2 has 9 votes, expected 10' in text
    assert 'row 4: clip 1 is also in row 2' in text
    assert "row 5: 'x' in column sad is not a whole number" in text
    assert "row 6: '-1' in column happy" in text
    assert "row 7: '2.5' in column happy" in text
    assert "row 8: 'nan' in column happy" in text
    assert "row 9: 'inf' in column happy" in text
    assert "row 10: '1e30' in column order" in text


def test_any_number_of_votes_but_none(write):
    path = write('1,0,0,0,0,0,0,1,1', '0,0,0,0,0,0,0,2,0')
    with pytest.raises(ValueError, match='row 3: clip 2 has no vote'):
        read_votes(path, num_votes=0)


@pytest.mark.parametrize(
    'header, says',
    [
        ('video_name,label', 'lacking: happy, sad'),
        (HEADER + ',contempt', 'unknown: contempt'),
        (HEADER.replace('2sad', '2happy'), "'2happy' gives happy the number 2"),
        (HEADER.replace('2sad', '3sad'), "'3sad' gives sad the number 3"),
        (HEADER + ',order', 'doubled: order'),
        (HEADER.replace('order', 'label2'), 'expected one column of order'),
    ],
)  # fmt: skip
def test_foreign_header(write, header, says):
    with pytest.raises(ValueError, match='row 1') as error:
        read_votes(write('1,2', header=header))
    assert says in str(error.value)


def test_files_that_are_none(tmp_path, write):
    with pytest.raises(FileNotFoundError, match='annotation.xlsx'):
        read_votes(tmp_path / 'nothing.xlsx')
    with pytest.raises(ValueError, match='no row below the header'):
        read_votes(write())
    (tmp_path / 'broken.xlsx').write_bytes(b'PK\x03\x04 cut off')
    with pytest.raises(ValueError, match='broken.xlsx.* is not a table of votes'):
        read_votes(tmp_path / 'broken.xlsx')
    (tmp_path / 'empty.csv').write_text('')
    with pytest.raises(ValueError, match='is empty'):
        read_votes(tmp_path / 'empty.csv')
    (tmp_path / 'wide.csv').write_text(HEADER, encoding='utf-16')
    with pytest.raises(ValueError, match='wide.csv.* is not a text file'):
        read_votes(tmp_path / 'wide.csv')
    with pytest.raises(ValueError, match='row 2: expected 9 cells, found 10'):
        read_votes(write('10,0,0,0,0,0,0,1,1,5'))
    (tmp_path / 'votes.ods').write_text('x')
    with pytest.raises(ValueError, match='xlsx or .csv'):
        read_votes(tmp_path / 'votes.ods')


def test_both_readings_of_the_threshold():
    votes = pd.DataFrame([[6, 4, 0], [7, 3, 0], [5, 5, 0], [0, 0, 10]], [1, 2, 3, 9])
    assert single_labels(votes).to_dict() == {1: 1, 2: 1, 3: 0, 9: 3}
    assert single_labels(votes, strict=True).to_dict() == {1: 0, 2: 1, 3: 0, 9: 3}
    assert single_labels(votes, threshold=8).tolist() == [0, 0, 0, 3]
    with pytest.raises(ValueError, match='the first is 3, have two labels'):
        single_labels(votes, threshold=5)


@pytest.mark.parametrize(
    ('merged', 'says'),
    [
        ('A1:B1', r'row 1: columns are lacking: sad'),
        ('H2:H3', 'row 3: column order is empty'),
        ('C2:D2', r'row 2: column angry is empty \(only the first of merged'),
        ('A2:A4', '2 of 3 rows are wrong'),
        ('A2:I3', 'row 2: column order is empty'),
    ],
)
def test_merged_cells(tmp_path, merged, says):
    """Of merged cells only the first has a value: no vote is taken for another's."""
    book = openpyxl.Workbook()
    book.active.append(HEADER.split(','))
    for clip in (1, 2, 3):
        book.active.append([6, 4, 0, 0, 0, 0, 0, clip, 1])
    book.active.merge_cells(merged)
    book.save(tmp_path / 'votes.xlsx')
    with pytest.raises(ValueError, match=says):
        read_votes(tmp_path / 'votes.xlsx')
