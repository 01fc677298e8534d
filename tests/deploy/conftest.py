"""A network of the tests, written as ONNX."""

import pytest

from dfew_mmaction.deploy import export_network, load_network


@pytest.fixture(scope='session')
def loaded(network):
    return load_network(*network)


@pytest.fixture(scope='session')
def exported(loaded, tmp_path_factory):
    return export_network(loaded, tmp_path_factory.mktemp('onnx') / 'tiny.onnx')
