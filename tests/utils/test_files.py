import json
import os
import re
import resource
import socket
import subprocess

import pytest

from dfew_mmaction.utils import atomic_write, write_json


def test_file_is_whole_or_as_before(tmp_path):
    path = tmp_path / 'new' / 'table.csv'
    with atomic_write(path) as temporary:
        assert temporary.suffix == '.csv' and not path.exists()
        temporary.write_text('first')
    assert path.read_text() == 'first'
    with pytest.raises(KeyError), atomic_write(path) as temporary:
        temporary.write_text('half')
        raise KeyError
    assert path.read_text() == 'first'
    assert [p.name for p in path.parent.iterdir()] == ['table.csv']


def test_json_of_a_path_that_is_no_text(tmp_path):
    content = dict(video=os.fsdecode(b'caf\xe9.mp4'), loss='\u03bb')
    write_json(tmp_path / 'x.json', content)
    assert '\u03bb' in (tmp_path / 'x.json').read_text(encoding='utf-8')
    assert json.loads((tmp_path / 'x.json').read_text(encoding='utf-8')) == content


def test_what_killed_processes_left_is_removed(tmp_path):
    gone = subprocess.Popen(['true'])
    gone.wait()
    host = re.sub(r'\W', '_', socket.gethostname())
    mine, other = f'{host}-{os.getppid()}', f'elsewhere-{gone.pid}'
    for name in (f'a.{host}-{gone.pid}', f'a.{mine}', f'a.{other}', f'b.{mine}'):
        (tmp_path / f'.{name}.csv').touch()
    with atomic_write(tmp_path / 'a.csv') as temporary:
        temporary.touch()
    left = {path.name for path in tmp_path.iterdir()}
    assert f'.a.{host}-{gone.pid}.csv' not in left and len(left) == 4


def test_errors_name_the_file_and_not_the_temporary_one(tmp_path):
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, limits[1]))
    try:
        with pytest.raises(OSError) as caught, atomic_write(tmp_path / 'a') as path:
            path.write_bytes(bytes(100))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert caught.value.filename == str(tmp_path / 'a')
    with pytest.raises(IsADirectoryError), atomic_write(tmp_path):
        pass
    assert not list(tmp_path.iterdir())


def test_a_device_is_written_to(tmp_path):
    with pytest.raises(OSError, match='No space left'), atomic_write('/dev/full') as p:
        p.write_text('x')
    with atomic_write('/dev/null') as path:
        path.write_text('x')
    assert not os.path.isfile('/dev/null') and not os.path.isfile('/dev/full')
