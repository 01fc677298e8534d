"""Ctrl-C, SIGTERM and a closed pipe, with real processes."""

import os
import signal
import subprocess
import sys
import time

import pytest


@pytest.fixture
def start(repo, tmp_path, demo_root):
    """Start a tool with its output in files; gives the process and the files."""
    running = []

    def _start(*words, **options):
        out, err = (open(tmp_path / name, 'w+') for name in ('out', 'err'))
        process = subprocess.Popen(
            [sys.executable, *map(str, words)], cwd=repo, stderr=err,
            start_new_session=True,
            **{
                'stdout': out, 'env': {**os.environ, 'DFEW_ROOT': str(demo_root)},
                **options,
            },
        )  # fmt: skip
        running.append(process)
        return process, tmp_path / 'out', tmp_path / 'err'

    yield _start
    for process in running:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.parametrize(
    ('number', 'status', 'to_all'),
    [
        # A terminal sends Ctrl-C to the workers too; a cluster ends one process.
        pytest.param(signal.SIGINT, 130, True, marks=pytest.mark.slow),
        (signal.SIGTERM, 143, False),
    ],
)
def test_a_stopped_training_ends_in_a_sentence(
    start, tiny_config, tmp_path, number, status, to_all
):
    more = "train_dataloader['num_workers'] = 2"
    config = tiny_config(tmp_path, epochs=1000, more=more)
    process, out, err = start(
        'tools/train.py', config, '--work-dir', tmp_path / 'work',
        '--cfg-options', 'param_scheduler.0.total_steps=1000',
    )  # fmt: skip
    while '[2][' not in out.read_text() + err.read_text():
        assert process.poll() is None, out.read_text() + err.read_text()
        time.sleep(0.1)
    (os.killpg if to_all else os.kill)(process.pid, number)
    assert process.wait(timeout=240) == status
    text = err.read_text()
    assert 'Stopped; `--resume` continues from the last epoch.' in text
    assert 'Traceback' not in text and 'Error' not in text, text


@pytest.mark.parametrize('tool', ['tools/train.py', 'tools/data/make_folds.py'])
def test_ctrl_c_while_libraries_are_imported(start, tmp_path, tool):
    name = 'torch' if 'train' in tool else 'pandas'
    (tmp_path / f'{name}.py').write_text('raise KeyboardInterrupt')
    path = os.pathsep.join([str(tmp_path), os.environ.get('PYTHONPATH', '')])
    process, _, err = start(tool, env={**os.environ, 'PYTHONPATH': path})
    assert process.wait(timeout=240) in (130, -signal.SIGINT)
    assert err.read_text() == '\nStopped.\n'


def test_a_reader_that_has_enough(start, tmp_path):
    """`python tools/… | head -n 1`."""
    header = 'name,happy,sad,neutral,angry,surprise,disgust,fear,UAR,WAR'
    rows = [f'{name:0500d}' + ',50.00' * 9 for name in range(1000)]
    (tmp_path / 't.csv').write_text('\n'.join([header, *rows, '']))
    process, _, err = start(
        'tools/analysis/audit_table.py', tmp_path / 't.csv', stdout=subprocess.PIPE
    )
    assert process.stdout.readline().startswith(b'| name')
    process.stdout.close()
    assert process.wait(timeout=240) == 141
    assert err.read_text() == ''
