"""Untrusted files: configs in YAML, checkpoints with foreign code."""

import os
import pickle

import pytest
import torch
from mmengine.runner import CheckpointLoader

import dfew_mmaction  # noqa: F401
from dfew_mmaction.utils.config_file import load_config

CODE = "!!python/object/apply:os.system ['touch ran']"


@pytest.mark.parametrize('ending', ['yaml', 'yml'])
@pytest.mark.parametrize('base', [False, True])
def test_yaml_runs_no_code(tmp_path, monkeypatch, ending, base):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / f'config.{ending}'
    path.write_text(f'model: {CODE}\n')
    if base:
        path = tmp_path / 'child.py'
        path.write_text(f"_base_ = 'config.{ending}'")
    with pytest.raises(ValueError, match='cannot be read.*could not determine'):
        load_config(path)
    assert not (tmp_path / 'ran').exists()


def test_plain_yaml_is_read(tmp_path):
    path = tmp_path / 'config.yaml'
    path.write_text('model: {type: C3D, sizes: [1, 2.5]}\n')
    assert load_config(path).model.to_dict() == {'type': 'C3D', 'sizes': [1, 2.5]}


class Evil:
    def __reduce__(self):
        return os.system, ('touch ran',)


@pytest.mark.parametrize('how', ['zip', 'old format', 'pickle'])
def test_the_refusal_of_a_checkpoint(tmp_path, monkeypatch, how):
    """It says what the file asks for, and never how to switch the check off."""
    monkeypatch.chdir(tmp_path)
    content = dict(state_dict={'w': torch.zeros(1)}, meta=Evil())
    if how == 'pickle':
        (tmp_path / 'evil.pth').write_bytes(pickle.dumps(content['meta']))
    else:
        new = how == 'zip'
        torch.save(content, 'evil.pth', _use_new_zipfile_serialization=new)
    with pytest.raises(RuntimeError) as error:
        CheckpointLoader.load_checkpoint('evil.pth', 'cpu', logger='silent')
    text = str(error.value)
    assert 'weights_only' not in text and 'torch.load' not in text
    assert 'evil.pth was not loaded' in text
    assert 'posix.system' in text or how == 'pickle'
    assert not (tmp_path / 'ran').exists()
