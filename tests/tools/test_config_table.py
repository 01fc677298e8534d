"""The command, at full size."""

import re

import pytest


def test_table_of_the_papers_configs(run, repo, tmp_path):
    for name in ('c3d', 'r3d18'):
        base = repo / 'configs' / 'dfew' / f'{name}.py'
        (tmp_path / base.name).write_text(f"_base_ = '{base}'\n")
    text = run('python', 'tools/analysis/config_table.py', tmp_path).stdout
    assert text.count('CrossEntropyLoss') == 2
    # MMAction2 prints 38.5 G for C3D, torchvision 40.7 G for r3d_18.
    assert re.search(r'\| c3d +\| 16 × 112 × 112 \| +78\.0\d \| +38\.55 \|', text)
    assert re.search(r'\| r3d18 +\| 16 × 112 × 112 \| +33\.17 \| +40\.70 \|', text)


def test_step_prints_finite_losses(run, tmp_path, repo):
    config = tmp_path / 'small.py'
    config.write_text(f"_base_ = '{repo}/configs/demo/slim_c3d_ecstfl.py'\n")
    text = run('python', 'tools/analysis/config_table.py', tmp_path, '--step').stdout
    header, _, row = text.splitlines()
    cells = dict(zip(header.split('|'), row.split('|')))
    values = {k.strip(): v for k, v in cells.items() if k.strip().startswith('loss')}
    for name in ('loss', 'loss_cls', 'loss_ecstfl'):
        assert 0 < float(values[name]) < 100


@pytest.mark.parametrize('folder', ['nowhere', '.'])
def test_folder_without_configs(run, tmp_path, folder):
    done = run(
        'python', 'tools/analysis/config_table.py', tmp_path / folder, check=False
    )
    assert done.returncode == 2 and 'there is no config in' in done.stderr
