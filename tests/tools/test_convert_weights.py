"""The command, on files on disk."""

import pytest
import torch

CONVERT = ['python', 'tools/convert_weights.py']


@pytest.fixture(scope='module')
def r3d18(published, tmp_path_factory):
    path = tmp_path_factory.mktemp('published') / 'r3d_18.pth'
    torch.save(published.randomise(published.R3D18()).float().state_dict(), path)
    return path


def test_converted_file_is_tested_and_trained_from(r3d18, run, tmp_path, demo_root):
    out = tmp_path / 'new' / 'folder' / 'r3d18.pth'
    config = 'configs/dfew/r3d18.py'
    done = run(*CONVERT, r3d18, out, '--from', 'torchvision', '--config', config)
    assert str(out) in done.stdout
    meta = torch.load(out, weights_only=True)['meta']
    assert meta == dict(converted_from='r3d_18.pth', origin='torchvision')
    pipelines = [
        f'{part}_dataloader.dataset.pipeline.1.scale=16,16'
        for part in ('train', 'val', 'test')
    ]
    workers = ['train_dataloader.num_workers=1', 'test_dataloader.num_workers=1']
    scored = run(
        'python', 'tools/test.py', config, out, '--work-dir', tmp_path / 'test',
        '--cfg-options', *pipelines, *workers, root=demo_root,
    )  # fmt: skip
    assert 'recall %' in scored.stdout + scored.stderr
    run(
        'python', 'tools/train.py', config, '--work-dir', tmp_path / 'train',
        '--cfg-options', f'load_from={out}', 'optim_wrapper.optimizer.lr=0',
        'train_cfg.max_epochs=1', *pipelines, *workers, root=demo_root,
    )  # fmt: skip
    trained = torch.load(tmp_path / 'train' / 'epoch_1.pth', weights_only=True)
    before = torch.load(r3d18, weights_only=True)
    name = 'layer4.1.conv2'
    assert trained['state_dict'][f'backbone.{name}.conv.weight'].equal(
        before[f'{name}.0.weight']
    )


@pytest.mark.parametrize(
    'config, origin, said',
    [
        ('p3d', 'torchvision', 'do not fit'),
        ('r3d18', 'hara', 'not weights of Hara'),
    ],
)
def test_wrong_network_leaves_no_file(r3d18, run, tmp_path, config, origin, said):
    out = tmp_path / 'out.pth'
    done = run(
        *CONVERT, r3d18, out, '--from', origin, '--config',
        f'configs/dfew/{config}.py', check=False,
    )  # fmt: skip
    assert done.returncode == 2 and said in done.stderr
    assert str(r3d18) in done.stderr and 'Traceback' not in done.stderr
    assert not list(tmp_path.iterdir())


def test_bad_files_are_one_sentence(r3d18, run, tmp_path):
    cut, code = tmp_path / 'cut.pth', tmp_path / 'code.pth'
    cut.write_bytes(r3d18.read_bytes()[:-500])

    class Evil:
        def __reduce__(self):
            return exec, (f"open('{tmp_path}/pwned', 'w')",)

    torch.save(dict(state_dict=Evil()), code)
    for source, said in [
        (tmp_path / 'nowhere.pth', 'nowhere.pth'),
        (cut, 'is not a complete checkpoint'),
        (code, 'was not loaded'),
    ]:
        done = run(
            *CONVERT, source, tmp_path / 'out.pth', '--from', 'torchvision', check=False
        )
        assert done.returncode == 2 and said in done.stderr
        assert 'Traceback' not in done.stderr
    assert not (tmp_path / 'out.pth').exists() and not (tmp_path / 'pwned').exists()
