import importlib.util

import pytest

from dfew_mmaction.faces.detectors import MMDetFaces


def test_missing_files(tmp_path):
    config = tmp_path / 'config.py'
    with pytest.raises(
        FileNotFoundError, match='the config of MMDetection, .*config.py'
    ):
        MMDetFaces(config, tmp_path / 'model.pth')
    config.write_text('')
    with pytest.raises(FileNotFoundError, match='the checkpoint of MMDetection, .*pth'):
        MMDetFaces(config, tmp_path / 'model.pth')


@pytest.mark.skipif(
    importlib.util.find_spec('mmdet') is not None, reason='mmdet is installed'
)
def test_without_mmdet_the_error_says_what_is_needed(tmp_path):
    for name in ('config.py', 'model.pth'):
        (tmp_path / name).write_text('')
    with pytest.raises(ImportError, match='mmdet and the full mmcv .*make env-mmdet'):
        MMDetFaces(tmp_path / 'config.py', tmp_path / 'model.pth')
