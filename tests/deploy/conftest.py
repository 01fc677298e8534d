"""A network for the tests of the export."""

import pytest
from mmengine.registry import init_default_scope

from dfew_mmaction.deploy import load_network


@pytest.fixture(scope='session')
def loaded(network):
    return load_network(*network)


@pytest.fixture(autouse=True)
def scope():
    """MMEngine builds the parts of a network in the default scope."""
    init_default_scope('mmaction')
