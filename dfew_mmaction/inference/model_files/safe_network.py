"""Configs of networks from descriptions in model files, which are data."""

from collections.abc import Iterator, Sequence
from typing import Any

from mmaction.registry import MODELS
from mmengine.config import Config

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
from .isolation import not_registered
from .model_file import ModelFile

#: Steps of the transforms allowed in a model file; they use their clip only.
ALLOWED = (READ, DECODE, SAMPLE, CHANGE)
#: Options of initial weights, which are removed so that networks that were trained from
#: other weights can be built in isolation.
ELSEWHERE = ('pretrained', 'init_cfg', 'backend_args', 'io_backend')
#: Options of training, which do not affect scores.
TRAINING = ('feature_losses',)


def network_of_facts(file: ModelFile) -> Config:
    """Make the config of the network of a model file.

    Each ``type`` must be the plain name of a registered part, and the step of each
    transform must be in :data:`ALLOWED`. Options are not checked here: build the
    network within :func:`.isolated`, by :func:`.build_to_fit`.

    Args:
        file (ModelFile): Read from a file by ``tools/publish.py``.

    Returns:
        Config: With ``model``, ``test_pipeline`` and ``source``.

    Raises:
        ValueError: If the file has no description, or requests another part.
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
            raise not_registered(file.path, kind)
    for kind in _types(facts.pipeline):
        if step_of(kind) not in ALLOWED:
            allowed = ', '.join(transforms_of(*ALLOWED))
            raise ValueError(
                f"'{file.path}' requests the transform {kind!r}; a model file may ask "
                f'for {allowed}. With its config it can be used.'
            )
    return Config(
        dict(
            model=network,
            test_pipeline=_without(ELSEWHERE, facts.pipeline),
            source=facts.source,
        )
    )


def _types(value: Any) -> Iterator[Any]:
    """Yield the names of parts in plain data, at any depth."""
    if isinstance(value, dict):
        if 'type' in value:
            yield value['type']
        if isinstance(value.get('head'), str):
            yield value['head']
        if '_scope_' in value:  # MMEngine would import the package of that name
            yield f'{value["_scope_"]}.{value.get("type")}'
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for part in value:
            yield from _types(part)


def _without(keys: Sequence[str], value: Any) -> Any:
    """Copy without some options; ``pretrained`` becomes None, which some parts
    require.
    """
    if isinstance(value, dict):
        kept = {k: v for k, v in value.items() if k not in keys or k == 'pretrained'}
        none = {'pretrained': None} if 'pretrained' in {*keys} & {*kept} else {}
        return {name: _without(keys, part) for name, part in kept.items()} | none
    if isinstance(value, (list, tuple)):
        return [_without(keys, part) for part in value]
    return value
