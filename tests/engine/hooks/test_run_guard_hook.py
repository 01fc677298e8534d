import resource
import subprocess
import sys
from types import SimpleNamespace

import pytest
from filelock import FileLock

from dfew_mmaction.engine.hooks.run_guard_hook import _allow_open_files

HOOKS = dict(run_guard=dict(type='RunGuardHook'))


def test_two_trainings_in_one_folder(toy_runner, tmp_path):
    runner = toy_runner(1, hooks=dict(HOOKS))
    with FileLock(tmp_path / 'run' / '.train.lock'):
        with pytest.raises(RuntimeError, match="another process trains in '.*run'"):
            runner.train()
    toy_runner(2, hooks=dict(HOOKS)).train()
    with FileLock(tmp_path / 'run' / '.train.lock', timeout=0):
        pass  # it is free again


@pytest.fixture
def limit():
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield lambda soft: resource.setrlimit(resource.RLIMIT_NOFILE, (soft, before[1]))
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_the_limit_is_raised_where_it_can_be(limit):
    limit(128)
    loader = SimpleNamespace(num_workers=4, batch_size=24, batch_sampler=None)
    _allow_open_files(loader, 'train_dataloader')
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == 64 + 32 + 6 * 24
    limit(100)
    _allow_open_files(SimpleNamespace(num_workers=0, batch_size=24), 'x')
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == 100


CODE = """
import resource
from types import SimpleNamespace
from dfew_mmaction.engine.hooks.run_guard_hook import _allow_open_files
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
_allow_open_files(SimpleNamespace(num_workers=2, batch_size=8), 'train_dataloader')
"""


def test_a_limit_that_is_too_low_is_an_error():
    done = subprocess.run([sys.executable, '-c', CODE], capture_output=True, text=True)
    assert 'need about 128 open files, and the limit is 64' in done.stderr
    assert 'ulimit -n 128' in done.stderr
    assert 'train_dataloader.num_workers=0' in done.stderr
