"""Networks from model files, whose text is data."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest import mock

from mmaction.registry import MODELS
from mmengine.config import Config
from mmengine.registry import Registry

from ...datasets.transforms.steps import (
    CHANGE,
    DECODE,
    READ,
    SAMPLE,
    step_of,
    transforms_of,
)
from ...utils import is_registered
from .facts import ModelFacts
from .model_file import ModelFile

#: What the transforms that a model file may ask for do; they use their clip only.
ALLOWED = (READ, DECODE, SAMPLE, CHANGE)
#: Options by which weights or frames would be read from elsewhere.
ELSEWHERE = ('pretrained', 'init_cfg', 'backend_args', 'io_backend')
#: Options of training alone, which scores do not depend on.
TRAINING = ('feature_losses',)
_BUILDING = threading.RLock()


def network_of_facts(file: ModelFile) -> Config:
    """Config of the network that a model file describes.

    MMEngine imports whatever a dotted ``type`` names: here each ``type`` has to be the
    plain name of a part that is registered already, and the step of each
    transform has to be in :data:`ALLOWED`. The network is built within
    :func:`registered_only`.

    Args:
        file (ModelFile): Read from a file by ``tools/publish.py``.

    Returns:
        Config: With ``model``, ``test_pipeline`` and ``source``.

    Raises:
        ValueError: If the file does not describe itself, or asks for another part.
    """
    if file.facts is None:
        raise ValueError(
            f"'{file.path}' does not describe its network: give its config too, or "
            'make a file that does by `python tools/publish.py CONFIG '
            f'{file.path.name}`'
        )
    facts: ModelFacts = file.facts
    network = _without(ELSEWHERE + TRAINING, facts.network)
    for kind in _types(network):
        if not is_registered(kind, MODELS):
            raise ValueError(_foreign(f"'{file.path}'", kind))
    for kind in _types(facts.pipeline):
        if step_of(kind) not in ALLOWED:
            allowed = ', '.join(transforms_of(*ALLOWED))
            raise ValueError(
                f"'{file.path}' asks for the transform {kind!r}; a model file may ask "
                f'for {allowed}. With its config it can be used.'
            )
    return Config(
        dict(
            model=network,
            test_pipeline=_without(ELSEWHERE, facts.pipeline),
            source=facts.source,
        )
    )


@contextmanager
def registered_only() -> Iterator[None]:
    """While entered, MMEngine's registries import nothing.

    Parts take the names of others by many keys (``padding_mode`` of ``ConvModule``,
    ``gcn_norm`` of ``STGCN``, …): what they ask a registry for is looked at there.

    Raises:
        ValueError: Where a part asks for one that is not registered.
    """
    get = Registry.get

    def checked(registry: Registry, key: Any) -> Any:
        registry.import_from_location()  # the places that the registry itself has
        if not is_registered(key, registry):
            raise ValueError(_foreign('the model file', key))
        return get(registry, key)

    # One at a time: who leaves first would let the others import.
    with _BUILDING, mock.patch.object(Registry, 'get', checked):
        yield


def _foreign(path: Any, kind: Any) -> str:
    return (
        f'{path} asks for the network part {kind!r}, which is not registered here. If '
        'it is of another package, import that first, or give the config.'
    )


def _types(value: Any) -> Iterator[Any]:
    """Each name of a part in plain data, at any depth."""
    if isinstance(value, dict):
        if 'type' in value:
            yield value['type']
        if isinstance(value.get('head'), str):
            yield value['head']
        if '_scope_' in value:  # MMEngine imports the package of that name
            yield f'{value["_scope_"]}.{value.get("type")}'
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for part in value:
            yield from _types(part)


def _without(keys: Sequence[str], value: Any) -> Any:
    if isinstance(value, dict):
        kept = {k: v for k, v in value.items() if k not in keys}
        return {name: _without(keys, part) for name, part in kept.items()}
    if isinstance(value, (list, tuple)):
        return [_without(keys, part) for part in value]
    return value
