"""Networks from model files, whose text is data."""

from typing import Any, Iterator

from mmaction.registry import MODELS, TRANSFORMS
from mmengine.config import Config
from mmengine.registry import Registry

from .model_facts import ModelFacts
from .model_file import ModelFile
from .pipelines import READERS, SAMPLERS

#: Transforms that a model file may ask for; they look at nothing but their frames.
HARMLESS = (
    'DecodeFaceFrames', 'Resize', 'CenterCrop', 'ThreeCrop', 'TenCrop', 'FormatShape',
    'PackActionInputs', *READERS, *SAMPLERS,
)  # fmt: skip
#: Options by which weights or frames would be read from elsewhere.
ELSEWHERE = ('pretrained', 'init_cfg', 'backend_args', 'io_backend')


def network_of_facts(file: ModelFile) -> Config:
    """Config of the network that a model file describes.

    MMEngine imports whatever a dotted ``type`` names: here each ``type`` has to be the
    plain name of a part that is registered already, and transforms those of
    :data:`HARMLESS`.

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
    network = _without_sources(facts.network)
    for kind in _types(network):
        if not _registered(kind, MODELS):
            raise ValueError(
                f"'{file.path}' asks for the network part {kind!r}, which is not "
                'registered here. If it is of another package, import that first, or '
                'give the config.'
            )
    for step in facts.pipeline:
        kind = step.get('type')
        if kind not in HARMLESS or not _registered(kind, TRANSFORMS):
            raise ValueError(
                f"'{file.path}' asks for the transform {kind!r}; a model file may ask "
                f'for {", ".join(HARMLESS)}. With its config it can be used.'
            )
    return Config(
        dict(
            model=network,
            test_pipeline=_without_sources(facts.pipeline),
            source=facts.source,
        )
    )


def _types(value: Any) -> Iterator[Any]:
    """Each ``type`` in plain data, at any depth."""
    if isinstance(value, dict):
        if 'type' in value:
            yield value['type']
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for part in value:
            yield from _types(part)


def _registered(kind: Any, registry: Registry) -> bool:
    while registry is not None:
        if isinstance(kind, str) and kind in registry.module_dict:
            return True
        registry = registry.parent
    return False


def _without_sources(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {k: v for k, v in value.items() if k not in ELSEWHERE}
        return {name: _without_sources(part) for name, part in kept.items()}
    if isinstance(value, (list, tuple)):
        return [_without_sources(part) for part in value]
    return value
