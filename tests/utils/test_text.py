"""Formulas and control characters in untrusted text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dfew_mmaction.utils import class_names, exit_status, read_rows, write_rows
from dfew_mmaction.utils.text import escape_cell, is_formula, printable, unescape_cell

FORMULAS = ('=HYPERLINK("http://x")', '+1+cmd|a', '-2+3', '@SUM(A1)', '\t=1', '\r=1')
TEXT = st.text(st.sampled_from("=+-@'\t\r1.e a")) | st.text()


@given(TEXT)
def test_cells_come_back_and_are_no_formulas(text):
    cell = escape_cell(text)
    assert unescape_cell(cell) == text and not is_formula(cell)


@pytest.mark.parametrize('text', FORMULAS)
def test_formulas(text, tmp_path):
    assert is_formula(text) and escape_cell(text) == f"'{text}"
    path = tmp_path / 'a.csv'
    write_rows(path, ['id', 'score'], [[text, '-0.5'], [f"'{text}", 'x']])
    assert read_rows(path)[1][1] == [text, '-0.5']
    assert read_rows(path)[2][1] == [f"'{text}", 'x']
    cells = re.split('[,\n]', path.read_bytes().decode().replace('"', ''))
    assert not any(map(is_formula, cells)) and '-0.5' in cells


@pytest.mark.parametrize('name', FORMULAS)
def test_a_class_is_no_formula(name):
    with pytest.raises(ValueError, match='a class needs a name'):
        class_names(['happy', name])


def test_numbers_are_classes():
    assert class_names(['-1', '0', '+1']) == ('-1', '0', '+1')


def test_errors_cannot_control_the_terminal(capsys):
    def main():
        raise ValueError("there is no video '\x1b]0;title\x07\x1b[2J.mp4'")

    assert exit_status(main) == 2
    error = capsys.readouterr().err
    assert '\x1b' not in error and '\\x1b]0;title' in error
    assert printable('täglich\n日本') == 'täglich\n日本'
