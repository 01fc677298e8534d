"""The default scope, and a model file."""

import pytest


@pytest.fixture(autouse=True)
def scope():
    """MMEngine builds the parts of a network in the default scope."""
    from mmengine.registry import init_default_scope

    init_default_scope('mmaction')


@pytest.fixture(scope='session')
def published(model_file):
    return model_file
