"""Training and testing by the real commands on files on disk."""

import os
import pickle
import re
import signal
import subprocess
import sys
import time

import pytest
import torch
from small_config import C3D, small_config

from dfew_mmaction.evaluation.functional import read_predictions


@pytest.fixture(scope='module')
def config(tmp_path_factory):
    return small_config(tmp_path_factory.mktemp('config'))


def weights(path):
    return torch.load(path, weights_only=True)['state_dict']


def assert_same_weights(first, second):
    first, second = weights(first), weights(second)
    assert first.keys() == second.keys()
    assert all(first[name].equal(second[name]) for name in first)


@pytest.fixture(scope='module')
def trained(tmp_path_factory, demo_root, repo, config, train_command):
    """The paper's config trained by mim for four epochs."""
    import dfew_mmaction  # noqa: F401

    work = tmp_path_factory.mktemp('whole')
    done = subprocess.run(
        [*train_command, config, '--work-dir', work, '--seed', '7'],
        cwd=repo, env={**os.environ, 'DFEW_ROOT': str(demo_root)},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return work, done.stdout + done.stderr


def test_log_names_losses_distances_and_scores(trained):
    work, log = trained
    assert "fold 1, part 'train', source '16f': 56 clips" in log
    for name in [
        'loss_cls',
        'loss_ecstfl',
        'intra_class_distance',
        'inter_class_distance',
        'recall %',
    ]:
        assert name in log
    assert re.search(r'Epoch\(val\) \[4\].*acc/UAR: .*acc/recall_fear: ', log)
    names = {path.name for path in work.iterdir()}
    assert {'epoch_3.pth', 'epoch_4.pth', 'last_checkpoint'} <= names
    assert len([name for name in names if name.startswith('best_acc_UAR')]) == 1


def test_the_terminal_shows_the_training_and_the_file_the_rest(trained):
    work, log = trained
    shown = [line for line in log.splitlines() if 'Epoch(' not in line]
    assert len(shown) <= 60 and 'System environment' not in log
    (file,) = work.glob('*/*.log')
    text = file.read_text()
    for part in ('System environment', 'Config:', 'Hooks will be executed'):
        assert part in text


def test_checkpoint_says_what_it_was_trained_on(trained):
    meta = torch.load(trained[0] / 'epoch_4.pth', weights_only=False)['meta']
    assert meta['seed'] == 7
    assert meta['dataset_meta']['classes'][0] == 'happy'
    assert (meta['dataset_meta']['fold'], meta['dataset_meta']['source']) == (1, '16f')


@pytest.mark.parametrize(
    'how', [pytest.param(signal.SIGKILL, marks=pytest.mark.slow), signal.SIGINT]
)
def test_killed_and_resumed_equals_undisturbed(
    trained, tmp_path, repo, demo_root, config, how
):
    command = [sys.executable, 'tools/train.py', config, '--work-dir', tmp_path]
    env = {**os.environ, 'DFEW_ROOT': str(demo_root)}
    with open(tmp_path / 'log', 'w') as log:
        process = subprocess.Popen(
            [*command, '--seed', '7'], cwd=repo, env=env,
            stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        while '[3][2/7]' not in (tmp_path / 'log').read_text():
            assert process.poll() is None, (tmp_path / 'log').read_text()
            time.sleep(0.05)
        os.killpg(process.pid, how)
        process.wait()
    assert (tmp_path / 'last_checkpoint').read_text().endswith('epoch_2.pth')
    done = subprocess.run(
        [*command, '--resume'], cwd=repo, env=env,
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert 'resumed epoch: 2' in done.stdout + done.stderr
    assert_same_weights(trained[0] / 'epoch_4.pth', tmp_path / 'epoch_4.pth')


def test_without_mim_it_is_the_same(trained, tmp_path, run, demo_root, config):
    run(
        'python', 'tools/train.py', config, '--work-dir', tmp_path, '--seed', '7',
        root=demo_root,
    )  # fmt: skip
    assert_same_weights(trained[0] / 'epoch_4.pth', tmp_path / 'epoch_4.pth')


def scores(log):
    cells = re.findall(r'\| recall % \|(.*)\|', log)[-1].split('|')
    return [cell.strip() for cell in cells]


def test_testing_by_mim_and_by_tools(trained, tmp_path, run, demo_root, config):
    checkpoint = trained[0] / 'epoch_4.pth'
    by_mim = run(
        'mim', 'test', 'mmaction2', config, '--checkpoint', checkpoint,
        '--work-dir', tmp_path / 'a', root=demo_root,
    )  # fmt: skip
    out = [tmp_path / 'p.csv', tmp_path / 'p.pkl']
    logs = []
    for dump in out:
        done = run(
            'python', 'tools/test.py', config, checkpoint, '--work-dir', tmp_path / 'b',
            '--dump', dump, root=demo_root,
        )  # fmt: skip
        logs.append(done.stdout + done.stderr)
    expected = scores(by_mim.stdout + by_mim.stderr)
    assert scores(logs[0]) == scores(logs[1]) == expected
    assert scores(trained[1]) == expected
    ids, labels, probabilities, classes = read_predictions(out[0])
    assert len(ids) == 14 and classes[1] == 'sad'
    hits = (probabilities.argmax(axis=1) == labels).mean()
    assert f'{100 * hits:.2f}' == expected[-1]
    # Made by this test, so it is safe to unpickle.
    pickled = {s['video_id']: s for s in pickle.loads(out[1].read_bytes())}
    assert set(pickled) == set(ids)
    for name, label in zip(ids, labels):
        assert pickled[name]['gt_label'].item() == label


def test_checkpoint_of_another_network_is_refused(
    trained, tmp_path, run, demo_root, config
):
    done = run(
        'python', 'tools/test.py', config, trained[0] / 'epoch_4.pth', '--work-dir',
        tmp_path, '--cfg-options', 'model.backbone.base_channels=3',
        root=demo_root, check=False,
    )  # fmt: skip
    assert done.returncode and 'does not fill the network' in done.stderr
    assert 'backbone.conv1a.conv.weight (3, 3, 3, 3, 3), found (2, ' in done.stderr
    assert 'recall %' not in done.stdout + done.stderr


def test_load_from_starts_with_these_weights(trained, tmp_path, run, demo_root, config):
    checkpoint = trained[0] / 'epoch_4.pth'
    run(
        'python', 'tools/train.py', config, '--work-dir', tmp_path, '--cfg-options',
        f'load_from={checkpoint}', 'optim_wrapper.optimizer.lr=0',
        'train_cfg.max_epochs=1',
        root=demo_root,
    )  # fmt: skip
    before, after = weights(checkpoint), weights(tmp_path / 'epoch_1.pth')
    assert all(before[n].equal(after[n]) for n in before if n.endswith('weight'))


@pytest.mark.parametrize(
    ('root', 'command'),
    [
        ('missing', ['mim', 'train', 'mmaction2']),
        ('empty', ['python', 'tools/train.py']),
    ],
)
def test_missing_data_is_one_clear_error(tmp_path, run, root, command):
    place = tmp_path / root
    if root == 'empty':
        place.mkdir()
    done = run(*command, C3D, '--work-dir', tmp_path / 'w', root=place, check=False)
    assert done.returncode
    assert f"No DFEW in '{place}'" in done.stderr
    assert 'https://dfew-dataset.github.io/' in done.stderr


def test_checkpoint_with_code_is_refused(tmp_path, run, demo_root, config):
    class Evil:
        def __reduce__(self):
            return os.system, (f'touch {tmp_path}/pwned',)

    torch.save({'state_dict': {}, 'x': Evil()}, tmp_path / 'evil.pth')
    done = run(
        'python', 'tools/test.py', config, tmp_path / 'evil.pth',
        '--work-dir', tmp_path / 'w', root=demo_root, check=False,
    )  # fmt: skip
    assert done.returncode and 'evil.pth was not loaded' in done.stderr
    assert not (tmp_path / 'pwned').exists()
