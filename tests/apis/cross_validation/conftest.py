"""A Slurm to try."""

import importlib.util
from pathlib import Path

import pytest


@pytest.fixture(scope='session')
def slurm_node():
    """The module ``slurm_node.py`` beside this file."""
    path = Path(__file__).with_name('slurm_node.py')
    spec = importlib.util.spec_from_file_location('slurm_node', path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
