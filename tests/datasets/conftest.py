"""The demo clips in the layouts of other sets."""

import shutil

import pytest

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
