"""MMAction2 can be imported, and a complete install is left alone."""

import importlib
import sys
import types
from pathlib import Path

import pytest

from dfew_mmaction import compat


def test_mmaction_models_import_without_the_missing_localizer():
    models = importlib.import_module('mmaction.models')
    folder = Path(models.__file__).parent / 'localizers' / 'drn'
    if folder.is_dir():
        pytest.skip('this mmaction2 is a source install and has the localizer')
    with pytest.raises(ImportError, match='2714'):
        models.localizers.DRN()


def test_source_install_is_left_alone(tmp_path, monkeypatch):
    package = tmp_path / 'mmaction'
    (package / 'models' / 'localizers' / 'drn').mkdir(parents=True)
    (package / '__init__.py').touch()
    for name in [n for n in sys.modules if n.split('.')[0] == 'mmaction']:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.syspath_prepend(str(tmp_path))
    compat.provide_missing_drn()
    assert 'mmaction.models.localizers.drn' not in sys.modules


def test_importlib_metadata_is_there():
    module = importlib.import_module('importlib_metadata')
    assert module.version('mmaction2')


def test_installed_importlib_metadata_is_left_alone(monkeypatch):
    installed = types.ModuleType('importlib_metadata')
    monkeypatch.setitem(sys.modules, 'importlib_metadata', installed)
    compat.provide_importlib_metadata()
    assert sys.modules['importlib_metadata'] is installed


def test_multimodal_networks_need_names_of_transformers(tmp_path, monkeypatch):
    names = {
        'file_utils': 'replace_return_docstrings',
        'modeling_utils': 'apply_chunking_to_forward find_pruneable_heads_and_indices '
        'prune_linear_layer',
        'models/beit/modeling_beit': 'BeitAttention BeitDropPath BeitEmbeddings '
        'BeitLayer BeitRelativePositionBias',
    }
    package = tmp_path / 'transformers'
    for path, text in {'__init__': '', **names}.items():
        (package / path).parent.mkdir(parents=True, exist_ok=True)
        (package / f'{path}.py').write_text(text)
    for module in ('transformers', 'mmaction.models.multimodal'):
        monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.syspath_prepend(str(tmp_path))
    dependency = importlib.import_module('mmaction.utils.dependency')
    monkeypatch.setattr(dependency, 'WITH_MULTIMODAL', True)
    assert not compat.leave_out_multimodal() and dependency.WITH_MULTIMODAL
    # Version 5 has no such file, and moved the functions of the other.
    for path in names:
        monkeypatch.setattr(dependency, 'WITH_MULTIMODAL', True)
        old = (package / f'{path}.py').read_text()
        (package / f'{path}.py').write_text(old[:20])
        assert compat.leave_out_multimodal() and not dependency.WITH_MULTIMODAL
        (package / f'{path}.py').unlink()
        assert not compat.leave_out_multimodal()  # done already
        (package / f'{path}.py').write_text(old)
    # Only its metadata is there.
    monkeypatch.setattr(dependency, 'WITH_MULTIMODAL', True)
    monkeypatch.setitem(sys.modules, 'transformers', None)
    assert compat.leave_out_multimodal() and not dependency.WITH_MULTIMODAL
