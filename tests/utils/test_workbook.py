"""Untrusted Excel tables."""

import time
import zipfile

import openpyxl
import pytest

from dfew_mmaction.utils.workbook import read_workbook


@pytest.fixture
def book(tmp_path):
    def _book(**cells):
        made = openpyxl.Workbook()
        for row in (['order', 'happy'], [1, 2.0], [None, None], [3, 0.5]):
            made.active.append(row)
        for place, value in cells.items():
            made.active[place] = value
        made.save(tmp_path / 'a.xlsx')
        return tmp_path / 'a.xlsx'

    return _book


def test_rows(book):
    assert read_workbook(book()) == [
        ['order', 'happy'], [1, 2], ['', ''], [3, 0.5]
    ]  # fmt: skip


@pytest.mark.parametrize('place', ['XFD1048576', 'A1048576', 'XFD1'])
def test_a_stray_cell(book, place):
    begun = time.process_time()
    with pytest.raises(ValueError, match='a cell beyond row 200000 or column 1000'):
        read_workbook(book(**{place: 1}))
    assert time.process_time() - begun < 10


def test_a_bomb(book):
    path = book()
    with zipfile.ZipFile(path, 'a', zipfile.ZIP_DEFLATED) as file:
        with file.open('xl/big.xml', 'w') as part:
            for _ in range(501):
                part.write(bytes(2**20))
    with pytest.raises(ValueError, match='unpacks to 525 MB'):
        read_workbook(path)


def test_another_file(tmp_path):
    (tmp_path / 'a.xlsx').write_text('order,happy')
    with pytest.raises(ValueError, match='is no .xlsx file'):
        read_workbook(tmp_path / 'a.xlsx')
