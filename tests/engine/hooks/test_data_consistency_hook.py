"""The hook in real runs of a tiny network on the demo set, through the real scripts."""

import pytest
import torch

TINY = 'configs/demo/slim_c3d_ecstfl.py'
FAST = [
    'model.backbone.base_channels=2',
    'model.backbone.fc_channels=8',
    'model.cls_head.in_channels=8',
    'train_dataloader.num_workers=0',
    'train_dataloader.persistent_workers=False',
    'val_dataloader.num_workers=0',
    'val_dataloader.persistent_workers=False',
    'test_dataloader.num_workers=0',
    'test_dataloader.persistent_workers=False',
    'train_cfg.max_epochs=1',
]


@pytest.fixture
def train(run, demo_root, tmp_path):
    def _train(*options, **env):
        return run(
            'python', 'tools/train.py', TINY, '--work-dir', tmp_path,
            '--cfg-options', *FAST, *options, root=demo_root, check=False, **env,
        )  # fmt: skip

    return _train


def test_leak_between_parts_stops_the_run(train):
    done = train('val_dataloader.dataset.fold=2')
    assert done.returncode and 'clips are both trained and scored on' in done.stderr
    assert "training reads fold 1, part 'train', validation fold 2" in done.stderr


@pytest.mark.parametrize('option', ['fold=2', 'source=frames', 'data_root=/nowhere'])
def test_option_without_effect_stops_the_run(train, option):
    done = train(option)
    name, value = option.split('=')
    assert done.returncode and f'`{option}` was given by --cfg-options' in done.stderr
    assert f'train_dataloader.dataset.{option}' in done.stderr
    if name == 'fold':
        assert f'DFEW_FOLD={value}' in done.stderr


def test_option_that_reaches_the_data_wins(train, tmp_path, run, demo_root):
    done = train(
        'train_dataloader.dataset.fold=2', 'val_dataloader.dataset.fold=2', DFEW_FOLD=3
    )
    assert done.returncode == 0, done.stderr
    log = done.stdout + done.stderr
    assert "fold 2, part 'train', source '16f': " in log and 'happy' in log
    checkpoint = torch.load(tmp_path / 'epoch_1.pth', weights_only=True)
    meta = checkpoint['meta']['dataset_meta']
    assert (meta['fold'], meta['source']) == (2, '16f')
    test = ['python', 'tools/test.py', TINY, tmp_path / 'epoch_1.pth', '--work-dir']
    test += [tmp_path / 'test', '--cfg-options', *FAST]
    other = run(*test, root=demo_root, check=False, DFEW_FOLD=1)
    assert other.returncode and 'was trained on fold 2' in other.stderr
    assert 'DFEW_FOLD=2' in other.stderr
    for option in ('resume=True', 'load_from=' + str(tmp_path / 'epoch_1.pth')):
        further = train(option, 'train_cfg.max_epochs=2', DFEW_FOLD=1)
        assert further.returncode and 'was trained on fold 2' in further.stderr
    same = run(*test, root=demo_root, DFEW_FOLD=2)
    assert 'recall %' in same.stdout + same.stderr
