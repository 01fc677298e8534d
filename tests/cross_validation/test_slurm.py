"""Runs through a real Slurm of one node."""

import json
import subprocess
import sys
import time

import pytest

pytestmark = pytest.mark.slow


def wait(conf, work):
    number = json.loads((work / 'slurm' / 'array.json').read_text())['array']
    command = ['squeue', '--noheader', f'--jobs={number}']
    for _ in range(600):
        left = subprocess.run(
            command, env={'SLURM_CONF': conf, 'PATH': '/usr/bin:/bin'},
            capture_output=True, text=True,
        )  # fmt: skip
        if not left.stdout.strip():
            return
        time.sleep(0.5)
    raise AssertionError(left.stdout)


def test_array_is_handed_over_and_collected(
    slurm, tmp_path, demo_copy, tiny_config, run
):
    lists = demo_copy / 'EmoLabel_DataSplit' / 'train(single-labeled)'
    whole = (lists / 'set_2.csv').read_text()
    (lists / 'set_2.csv').write_text('foreign\n')
    work = tmp_path / 'a folder; touch pwned'
    command = [
        sys.executable, 'tools/cross_validate.py', tiny_config(tmp_path, 'ce'),
        '--folds', '1', '2', '--launcher', 'slurm', '--gpus-per-run', '0',
        '--work-dir', work, '--slurm-options', 'time=10',
    ]  # fmt: skip

    def call(*more, check=True):
        return run(
            *command, *more, root=demo_copy, check=check, SLURM_CONF=slurm
        )  # fmt: skip

    assert 'The runs were submitted as array' in call().stdout
    again = call(check=False)
    assert again.returncode == 2 and 'has not ended' in again.stderr
    wait(slurm, work)
    collected = call('--collect', check=False)
    assert collected.returncode == 1
    assert 'ce fold 2 seed 0 failed' in collected.stderr
    assert (work / 'ce' / 'fold1_seed0' / 'predictions.csv').is_file()
    # Only the failed run is submitted again.
    (lists / 'set_2.csv').write_text(whole)
    call()
    assert json.loads((work / 'slurm' / 'array.json').read_text())['runs'] == 1
    wait(slurm, work)
    done = call()
    assert 'The report is in' in done.stdout
    report = json.loads((work / 'report' / 'report.json').read_text())
    assert report['settings'][0]['folds'] == [1, 2] and not report['problems']
