"""The report of ``python -m dfew_mmaction doctor``."""

import subprocess
import sys

import pytest

from dfew_mmaction import doctor
from dfew_mmaction.__main__ import main

# Hides modules as if they were not installed, then runs `python -m dfew_mmaction …`.
HIDE = """
import importlib.abc, runpy, sys
hidden = set(sys.argv.pop(1).split(','))
class Hide(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split('.')[0] in hidden:
            raise ModuleNotFoundError(f'No module named {name!r}', name=name)
sys.meta_path.insert(0, Hide())
sys.argv[0] = '-m'
sys.orig_argv[1:] = ['-m', 'dfew_mmaction']
runpy.run_module('dfew_mmaction', run_name='__main__', alter_sys=True)
"""


def run(*args):
    return subprocess.run(
        [sys.executable, *args], capture_output=True, text=True, timeout=300
    )


def rows(text):
    lines = [line.strip('|').split('|') for line in text.splitlines()]
    return {what.strip(): (found.strip(), note.strip()) for what, found, note in lines}


def test_the_report_of_a_complete_installation():
    done = run('-m', 'dfew_mmaction', 'doctor')
    assert done.returncode == 0, done.stderr
    table = rows(done.stdout)
    assert table['Python'][0] == '.'.join(map(str, sys.version_info[:3]))
    assert table['plugin'][0] == 'registered in MMAction2'
    assert table['job: train, test and score'] == ('ready', '')
    assert any('2714' in note for what, (_, note) in table.items() if 'workar' in what)


TRAINING = 'job: train, test and score'


@pytest.mark.parametrize(
    ('hidden', 'jobs', 'status'),
    [
        ('starlette', {'job: web page': 'starlette'}, 0),
        ('av,mmcv', {'job: read video files': 'av', TRAINING: 'mmcv'}, 1),
        ('torch', {TRAINING: 'torch'}, 1),
    ],
)
def test_what_is_missing_is_named_with_its_remedy(hidden, jobs, status):
    done = run('-c', HIDE, hidden, 'doctor')
    assert done.returncode == status, done.stderr
    for job, missing in jobs.items():
        found, remedy = rows(done.stdout)[job]
        assert found == f'missing: {missing}' and 'pip install' in remedy
    assert 'Traceback' not in done.stderr


def test_a_registration_that_fails_is_a_row():
    def fail():
        raise AssertionError('MMCV==9 is used but incompatible.\nmore')

    table = {what: (found, note) for what, found, note in doctor.report(fail)}
    assert table['plugin'] == ('AssertionError', 'MMCV==9 is used but incompatible.')


def test_packages_that_exclude_each_other(monkeypatch):
    versions = {'mmcv-lite': '2.1.0', 'onedl-mmcv': '2.3.6', 'numpy': '2.4'}
    monkeypatch.setattr(doctor, '_version', versions.get)
    table = {what: (found, note) for what, found, note in doctor._packages()}
    assert table['mmcv-lite'] == ('2.1.0', 'conflicts with onedl-mmcv: keep one')
    assert table['mmengine'] == ('not installed', '')
    assert 'mmcv' not in table and 'onedl-mmengine' not in table


def test_an_unknown_argument(monkeypatch, capsys):
    monkeypatch.setattr('sys.argv', ['dfew_mmaction', 'docter'])
    assert main() == 2
    assert "unknown argument 'docter'" in capsys.readouterr().err
