from dfew_mmaction.utils import progress
from dfew_mmaction.utils.processes import run_parallel


def test_lines_where_there_is_no_terminal(capsys, monkeypatch):
    monkeypatch.setattr(progress, 'INTERVAL', 0.0)
    assert list(progress.track('abc', 'reading', 3, 'letters')) == ['a', 'b', 'c']
    lines = [line for line in capsys.readouterr().err.splitlines() if line]
    assert lines == [f'reading {i} of 3 letters' for i in (1, 2, 3)]


def test_the_total_may_become_known_later(capsys):
    with progress.ProgressBar('video.mp4', unit='frames') as bar:
        bar.step(5)
        assert bar.line() == 'video.mp4 5 frames'
        bar.step(7, total=9, text='2 faces')
        assert bar.line() == 'video.mp4 7 of 9 frames: 2 faces'


def test_processes_give_what_one_process_gives():
    tasks = [(7, n) for n in (2, 3, 4)]
    for workers in (1, 2):
        assert sorted(run_parallel(divmod, tasks, workers)) == [
            ((7, 2), (3, 1)), ((7, 3), (2, 1)), ((7, 4), (1, 3)),
        ]  # fmt: skip
