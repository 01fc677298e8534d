"""Output and exit status of a script for all results of its main function."""

import errno
import os
import signal
import sys

import pytest

from dfew_mmaction.utils import exit_status
from dfew_mmaction.utils.error_sentences import error_sentence, reading

WORKER = """Caught ValueError in DataLoader worker process 0.
Original Traceback (most recent call last):
  File "worker.py", line 1, in loop
    data = fetch()
           ^^^^^^^
  File "data.py", line 7, in fetch
    raise ValueError
ValueError: '1.jpg' cannot be decoded: it is truncated
"""


def system(number, name='x.csv'):
    return OSError(number, os.strerror(number), name)


def fail(error):
    def main():
        raise error

    return main


@pytest.mark.parametrize(
    ('error', 'sentence'),
    [
        (system(errno.ENOENT), "'x.csv' does not exist"),
        (system(errno.EACCES), "no permission to read or write 'x.csv'"),
        (system(errno.EISDIR), "'x.csv' is a folder, expected a file"),
        (system(errno.ENOSPC), "the disk is full, 'x.csv' could not be written: free"),
        (OSError(errno.ENOSPC, 'full'), 'the disk is full, a file could not be'),
        (KeyError('C4D is not in the mmaction::model registry.'), 'C4D is not in the'),
        (RuntimeError(WORKER), "'1.jpg' cannot be decoded: it is truncated"),
        (RuntimeError('No CUDA GPUs are available'), '`cpu` works everywhere'),
        (AssertionError('Torch not compiled with CUDA enabled'), '`cpu` works every'),
        (ValueError('two\nlines'), 'two\nlines'),
    ],
)
def test_errors_are_sentences(error, sentence, capsys, monkeypatch):
    monkeypatch.delenv('DFEW_TRACEBACK', raising=False)
    assert exit_status(fail(error)) == 2
    said = capsys.readouterr().err
    assert said.startswith('error: ') and sentence in said
    assert 'Traceback' not in said and 'Errno' not in said and 'fault' not in said


@pytest.mark.parametrize('error', [TypeError('a + b'), KeyError('x'), AssertionError()])
def test_faults_of_the_program_say_how_to_report_them(error, capsys, monkeypatch):
    monkeypatch.delenv('DFEW_TRACEBACK', raising=False)
    assert exit_status(fail(error)) == 2
    said = capsys.readouterr().err
    assert f'error: {type(error).__name__}' in said and 'DFEW_TRACEBACK=1' in said
    monkeypatch.setenv('DFEW_TRACEBACK', '1')
    assert exit_status(fail(error)) == 2
    said = capsys.readouterr().err
    assert 'Traceback' in said and 'test_command.py' in said


def test_signals(capsys):
    def main(number):
        os.kill(os.getpid(), number)
        signal.pause()

    before = signal.getsignal(signal.SIGTERM)
    for number, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
        assert exit_status(lambda n=number: main(n), 'Goes on.') == status
        assert capsys.readouterr().err == '\nGoes on.\n'
    assert signal.getsignal(signal.SIGTERM) == before


def test_status_of_main():
    assert [exit_status(lambda s=s: s) for s in (None, 0, 1)] == [0, 0, 1]
    with pytest.raises(SystemExit, match='2'):
        exit_status(lambda: sys.exit(2))


@pytest.mark.parametrize(
    ('content', 'reason'),
    [
        (b'caf\xe9', 'not encoded as utf-8 (byte 0xe9 at position 3). Save it as'),
        (b'\x00', "(expected 'a', found '\\x00')"),
    ],
)
def test_reading_names_the_file(tmp_path, content, reason):
    path = tmp_path / 'x.txt'
    path.write_bytes(content)
    with pytest.raises(ValueError) as caught, reading(path, 'list of a'):
        if (text := path.read_text(encoding='utf-8')) != 'a':
            raise ValueError(f"expected 'a', found {text!r}")
    assert f"'{path}' is no list of a" in str(caught.value)
    assert reason in str(caught.value)


def test_reading_leaves_errors_that_name_the_file(tmp_path):
    with pytest.raises(ValueError, match="^'x', row 2: no$"), reading('x', 'list'):
        raise ValueError("'x', row 2: no")
    with pytest.raises(FileNotFoundError) as caught, reading('x', 'list'):
        open(tmp_path / 'none')
    assert error_sentence(caught.value) == f"'{tmp_path / 'none'}' does not exist"
