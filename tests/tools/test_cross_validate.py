"""Cross-validation by the command: real trainings, killed, failed, collected."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from dfew_mmaction.evaluation.functional import read_predictions

REPO = Path(__file__).resolve().parents[2]
TOOL = 'tools/cross_validate.py'


def read(path):
    return json.loads(Path(path).read_text())


@pytest.fixture(scope='module')
def whole(tmp_path_factory, demo_root, tiny_config, run):
    """Two settings over two folds, two concurrent runs."""
    folder = tmp_path_factory.mktemp('cv')
    configs = [tiny_config(folder, name) for name in ('ce', 'ecstfl')]
    arguments = [
        *configs, '--folds', '1', '2', '--seeds', '1', '--jobs', '2', '--embeddings',
        '--title', 'Two losses', '--note', 'Synthetic faces, not DFEW.',
    ]  # fmt: skip
    done = run(
        'python', TOOL, *arguments, '--work-dir', folder / 'work', root=demo_root
    )
    return folder, done.stdout, arguments


def test_all_runs_are_trained_tested_and_shown(whole):
    folder, shown, _ = whole
    finished = [p for p in folder.glob('work/*/*/run.json') if read(p).get('finished')]
    assert len(finished) == 4
    assert '4 of 4 done' in shown and 'ecstfl fold 2 seed 1: UAR ' in shown
    for path in finished:
        run = read(path)
        assert run['checkpoint'] == 'epoch_3.pth' and run['source'] == '16f'
        assert {'torch', 'mmaction2', 'python'} <= run['versions'].keys()
        assert (path.parent / 'embeddings.npz').is_file()


def test_report_pools_the_folds(whole):
    work = whole[0] / 'work'
    report = read(work / 'report' / 'report.json')
    ce = next(s for s in report['settings'] if s['name'] == 'ce')
    hits, totals = np.zeros(7), np.zeros(7)
    folds = []
    for fold in (1, 2):
        run = work / 'ce' / f'fold{fold}_seed1'
        _, labels, scores, _ = read_predictions(run / 'predictions.csv')
        right = scores.argmax(axis=1) == labels
        hits += np.bincount(labels[right], minlength=7)
        totals += np.bincount(labels, minlength=7)
        folds.append(right.mean())
    pooled = ce['pooled_by_seed']['1']
    assert pooled['UAR'] == pytest.approx((hits / totals).mean())
    assert pooled['WAR'] == pytest.approx(hits.sum() / totals.sum())
    by_fold = ce['by_fold']['1']
    assert [by_fold[f]['WAR'] for f in ('1', '2')] == pytest.approx(folds)
    assert ce['clips'] == 28 and ce['seeds'] == [1]


def test_report_says_what_it_is(whole):
    text = (whole[0] / 'work' / 'report' / 'report.md').read_text()
    lines = text.splitlines()
    assert lines[0] == '# Two losses' and lines[2] == 'Synthetic faces, not DFEW.'
    assert 'Only the folds 1, 2: not comparable' in text
    assert 'the last checkpoint of each run' in text
    for column in ('happy', 'fear', 'UAR', 'WAR'):
        assert f'| {column}' in text
    assert '## Compared with ce' in text and 'McNemar' in text
    assert str(whole[0]) not in text


def test_latex_has_the_columns_of_table_4(whole):
    text = (whole[0] / 'work' / 'report' / 'report.tex').read_text()
    header = next(line for line in text.splitlines() if line.startswith('Model'))
    columns = 'Model Happy Sad Neutral Angry Surprise Disgust Fear UAR WAR'
    assert header.rstrip('\\ ').split(' & ') == columns.split()
    assert text.count('textbf') >= 2


def test_pictures_and_pooled_predictions_lie_beside(whole):
    report = whole[0] / 'work' / 'report'
    assert (report / 'confusion_ce.png').read_bytes()[:4] == b'\x89PNG'
    ids, _, _, _ = read_predictions(report / 'pooled' / 'ecstfl_seed1.csv')
    assert len(ids) == len(set(ids)) == 28


def test_finished_runs_are_not_run_again(whole, demo_root, run):
    folder, _, arguments = whole
    before = {p: p.stat().st_mtime_ns for p in folder.glob('work/*/fold*/*')}
    done = run(
        'python', TOOL, *arguments, '--work-dir', folder / 'work', root=demo_root
    )
    assert '4 of 4 runs are done' in done.stdout
    unchanged = {p: t for p, t in before.items() if p.name not in ('log.txt', 'lock')}
    assert {p: p.stat().st_mtime_ns for p in unchanged} == unchanged


def test_another_selection_only_tests_again(whole, demo_root, tmp_path, run):
    work = shutil.copytree(whole[0] / 'work', tmp_path / 'work')
    run(
        'python', TOOL, whole[0] / 'ce.py', '--folds', '1', '--seeds', '1',
        '--select', 'best', '--work-dir', work, root=demo_root,
    )  # fmt: skip
    text = (work / 'report' / 'report.md').read_text()
    assert 'best UAR on the test part itself' in text
    folder = work / 'ce' / 'fold1_seed1'
    assert read(folder / 'run.json')['checkpoint'].startswith('best_acc_UAR_epoch_')
    assert len(list((folder / 'train').glob('2*'))) == 1


@pytest.mark.slow
@pytest.mark.parametrize('how', [signal.SIGTERM, signal.SIGKILL])
def test_stopped_runs_go_on(tmp_path, whole, demo_root, tiny_config, how):
    config = tiny_config(tmp_path, 'ce')
    command = [
        sys.executable, TOOL, config, '--folds', '1', '2', '--seeds', '1',
        '--jobs', '2', '--work-dir', tmp_path / 'w',
    ]  # fmt: skip
    env = {**os.environ, 'DFEW_ROOT': str(demo_root)}
    process = subprocess.Popen(
        command, cwd=REPO, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True,
    )  # fmt: skip
    log = tmp_path / 'w' / 'ce' / 'fold1_seed1' / 'log.txt'
    while not (log.exists() and 'Epoch(train) [2]' in log.read_text()):
        assert process.poll() is None, process.stdout.read()
        time.sleep(0.05)
    process.send_signal(how)
    process.wait()
    if how == signal.SIGTERM:
        assert process.returncode == 143
        assert 'the same command continues' in process.stdout.read()
    deadline = time.time() + 120
    while True:
        done = subprocess.run(
            command, cwd=REPO, env=env, capture_output=True, text=True
        )
        if 'another process works' not in done.stdout or time.time() > deadline:
            break
        # The tool was killed and could not end what it had started.
        assert how == signal.SIGKILL
        time.sleep(0.5)
    assert done.returncode == 0, done.stdout + done.stderr
    for fold in (1, 2):
        mine, theirs = (
            read_predictions(w / 'ce' / f'fold{fold}_seed1' / 'predictions.csv')[2]
            for w in (tmp_path / 'w', whole[0] / 'work')
        )
        assert np.array_equal(mine, theirs)


def test_a_fold_that_fails_does_not_stop_the_others(
    tmp_path, demo_copy, run, tiny_config
):
    lists = demo_copy / 'EmoLabel_DataSplit' / 'train(single-labeled)'
    (lists / 'set_1.csv').write_text('foreign,header\n1,2\n')
    config = tiny_config(tmp_path, 'ce', epochs=1)
    arguments = [config, '--folds', '1', '2', '--work-dir', tmp_path / 'w']
    done = run('python', TOOL, *arguments, root=demo_copy, check=False)
    assert done.returncode == 1
    assert 'ce fold 1 seed 0: FAILED' in done.stdout
    assert 'set_1.csv' in done.stdout and 'foreign' in done.stdout
    assert read(tmp_path / 'w' / 'ce' / 'fold2_seed0' / 'run.json')['finished']
    assert 'ce fold 1 seed 0 failed' in done.stderr
    text = (tmp_path / 'w' / 'report' / 'report.md').read_text()
    assert 'No setting has finished' in text and 'ce fold 1 seed 0 failed' in text


@pytest.mark.parametrize(
    'change, message',
    [
        (lambda text: text[: text.rindex('\n', 0, -1) + 1], 'lacks clips of the test'),
        (lambda text: text + text.splitlines()[1] + '\n', 'is listed again'),
    ],
)
def test_missing_and_double_predictions_are_refused(
    whole, tmp_path, demo_root, run, change, message
):
    work = shutil.copytree(whole[0] / 'work', tmp_path / 'work')
    path = work / 'ce' / 'fold1_seed1' / 'predictions.csv'
    text = path.read_text()
    path.write_text(change(text))
    done = run(
        'python', TOOL, *whole[2], '--work-dir', work, '--collect', root=demo_root,
        check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert 'not in it: ce, seed 1: ' in done.stderr and message in done.stderr
    assert str(path) in done.stderr
    if 'second' in message:
        clip = text.splitlines()[1].split(',')[0]
        assert f'clip {clip} ' in done.stderr


def test_sweep_chosen_on_a_validation_part(tmp_path, demo_root, run, tiny_config):
    config = tiny_config(tmp_path, 'ecstfl')
    grid = 'model.cls_head.feature_losses.0.loss_weight=1,30'
    options = ['train_cfg.max_epochs=1']
    work = tmp_path / 'w'
    run(
        'python', TOOL, config, '--folds', '1', '--grid', grid, '--jobs', '2',
        '--select', 'val', '--val-fraction', '0.2', '--cfg-options', *options,
        '--work-dir', work, root=demo_root,
    )  # fmt: skip
    text = (work / 'report' / 'report.md').read_text()
    assert '`train_cfg.max_epochs=1`' in text
    assert 'best UAR on a part of the training data' in text
    latex = (work / 'report' / 'report.tex').read_text()
    assert '% --cfg-options train_cfg.max_epochs=1' in latex
    for setting in read(work / 'report' / 'report.json')['settings']:
        assert setting['options'] == {'train_cfg.max_epochs': 1}
    for path in work.glob('*/fold1_seed0/run.json'):
        log = path.with_name('log.txt').read_text()
        # One or two of the eight clips that a class has in the training list.
        assert "part 'val'" in log and "part 'train', source '16f': 42 clips" in log
        assert read(path)['checkpoint'].startswith('best_acc_UAR')
    done = run(
        'python', 'tools/analysis/plot_sweep.py', work, 'loss_weight',
        tmp_path / 's.png',
    )  # fmt: skip
    assert [line.split(':')[0] for line in done.stdout.splitlines()] == [
        'ecstfl loss_weight=1',
        'ecstfl loss_weight=30',
    ]
    assert (tmp_path / 's.png').read_bytes()[:4] == b'\x89PNG'


def test_unknown_key_and_config_are_one_sentence(tmp_path, demo_root, run, tiny_config):
    config = tiny_config(tmp_path, 'ecstfl')
    for arguments, message in [
        ([config, '--grid', 'model.lambda=1'], 'no `model.lambda` to vary'),
        ([tmp_path / 'no.py'], 'there is no config'),
        ([config, '--launcher', 'slurm'], '`sbatch` is not installed'),
    ]:
        if 'slurm' in arguments and shutil.which('sbatch'):
            continue
        done = run(
            'python', TOOL, *arguments, '--work-dir', tmp_path / 'w', root=demo_root,
            check=False,
        )  # fmt: skip
        assert done.returncode == 2 and message in done.stderr
        assert 'Traceback' not in done.stderr
