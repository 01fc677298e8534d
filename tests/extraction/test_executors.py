import json
from pathlib import Path

import pytest

from dfew_mmaction.extraction.executors import run_local

SCRIPT = Path(__file__).with_name('work_in_processes.py')


def test_what_breaks_a_process_does_not_stop_the_run(run):
    videos = 'ok,killer,ok,ok,sleeper,killer,ok,ok'
    done = run('python', SCRIPT, videos)
    rows = {row['clip']: row for row in map(json.loads, done.stdout.splitlines())}
    assert sorted(rows) == list(range(1, 9))
    for clip, video in enumerate(videos.split(','), 1):
        assert rows[clip]['video'] == video
        if video == 'ok':
            assert not rows[clip]['error']
    assert rows[2]['error'] == "'killer' ended its process (status -11)"
    assert rows[6]['error'] == "'killer' ended its process (status -11)"
    assert rows[5]['error'] == "'sleeper' took longer than 6 s"


def test_no_worker():
    with pytest.raises(ValueError, match='workers'):
        next(run_local(print, [()], workers=-1))
