import json

import pytest

from dfew_mmaction.evaluation.training_log import read_training_log, summarize_training


def write(folder, *entries, tail=''):
    path = folder / 'vis_data' / 'scalars.json'
    path.parent.mkdir(parents=True)
    path.write_text(''.join(json.dumps(entry) + '\n' for entry in entries) + tail)


def test_resumed_run(tmp_path):
    def train(epoch, loss):
        return dict(epoch=epoch, step=7 * epoch, loss=loss, loss_cls=loss / 2, lr=0.1)

    def score(epoch, uar):
        return {'acc/UAR': uar, 'acc/WAR': uar + 0.1, 'step': epoch}

    write(
        tmp_path / '20260101_000000', train(1, 4.0), train(1, 3.0), score(1, 0.2),
        train(2, 9.0), score(2, 0.9), tail='{"epoch": 3, "lo',
    )  # fmt: skip
    write(tmp_path / '20260102_000000', train(2, 2.0), score(2, 0.5), train(3, 1.0))
    log = read_training_log(tmp_path)
    assert list(log) == [1, 2, 3] and log[1]['loss'] == 3.0 and log[2]['loss'] == 2.0
    rows, best = summarize_training(tmp_path)
    assert [row['epoch'] for row in rows] == [1, 2] and best is rows[1]
    assert rows[1] == {
        'epoch': 2, 'loss': 2.0, 'loss_cls': 1.0, 'UAR %': 50, 'WAR %': 60,
    }  # fmt: skip


def test_no_log_and_no_score(tmp_path, run):
    with pytest.raises(FileNotFoundError, match='no training log in'):
        summarize_training(tmp_path)
    write(tmp_path / 'a', dict(epoch=1, step=3, loss=1.0))
    with pytest.raises(ValueError, match='was scored'):
        summarize_training(tmp_path)
    done = run('python', 'tools/analysis/summarize_training.py', tmp_path, check=False)
    assert done.returncode == 2 and 'was scored' in done.stderr
