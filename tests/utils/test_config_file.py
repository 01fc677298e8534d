import tempfile

import pytest

from dfew_mmaction.utils.config_file import load_config


def test_a_temporary_folder_that_cannot_be_made(tmp_path, monkeypatch):
    """As with a full disk; MMEngine reports an unbound variable."""
    config = tmp_path / 'config.py'
    config.write_text("model = dict(type='C3D')\n")
    assert load_config(config, 'model').model.type == 'C3D'
    monkeypatch.setattr(tempfile, 'tempdir', str(tmp_path / 'missing'))
    with pytest.raises(FileNotFoundError, match='missing'):
        load_config(config, 'model')
