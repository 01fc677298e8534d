"""The demo clips in the layouts of other sets, and in packs."""

import shutil

import pytest

from dfew_mmaction.datasets import pack_dfew
from dfew_mmaction.synthetic import lay_out


@pytest.fixture
def tree(demo_root, tmp_path_factory, tmp_path):
    """A copy of the demo set in a layout, which a test may change."""

    def _tree(layout):
        whole = tmp_path_factory.getbasetemp() / f'laid_out_{layout}'
        if not whole.exists():
            lay_out(demo_root, whole, layout)
        return shutil.copytree(whole, tmp_path / layout)

    return _tree


@pytest.fixture
def small_tree(demo_copy):
    """A copy of the demo set that one process packs in a moment."""
    shutil.rmtree(demo_copy / 'Clip' / 'clip_224x224')
    return demo_copy


@pytest.fixture(scope='session')
def packed_tree(demo_root, tmp_path_factory):
    """The demo set with its pack. Tests only read it."""
    root = tmp_path_factory.mktemp('packed') / 'DFEW'
    shutil.copytree(demo_root, root)
    pack_dfew(root, scale=(32, 32), workers=2)
    return root
