"""Model files: weights with what has to be known of them."""

from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import torch
from mmengine.runner import CheckpointLoader
from torch import Tensor

from .facts import KEY, ModelFacts

SAFETENSORS = '.safetensors'
INSTALL = '.safetensors needs a package: `pip install safetensors`'


@dataclass
class ModelFile:
    """What is in a model file.

    Attributes:
        path (Path): Where it was read from.
        state_dict (dict[str, Tensor]): The weights.
        meta (dict): ``meta`` of the checkpoint; what is known to be there, is.
        facts (ModelFacts, optional): In files that ``tools/publish.py`` wrote.
    """

    path: Path
    state_dict: dict[str, Tensor]
    meta: dict[str, Any] = field(default_factory=dict)
    facts: ModelFacts | None = None

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes, empty where the file does not say."""
        if self.facts is not None:
            return self.facts.classes
        return tuple(self.dataset.get('classes') or ())

    @property
    def dataset(self) -> dict[str, Any]:
        """What it was trained on: name, fold, source, … as far as the file says."""
        if self.facts is not None:
            return {'source': self.facts.source, **self.facts.dataset}
        return dict(self.meta.get('dataset_meta') or {})


def read_model_file(path: str | Path) -> ModelFile:
    """Read a checkpoint; tensors and plain values only, nothing is executed.

    Args:
        path (str | Path): ``.safetensors``, else a checkpoint of torch.

    Raises:
        FileNotFoundError: If it is not there.
        ImportError: If safetensors is needed and not installed.
        RuntimeError: If it is cut off or asks for foreign code.
        ValueError: If it holds no weights, or describes itself wrongly.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no checkpoint '{path}'")
    if path.suffix == SAFETENSORS:
        weights, meta = _read_safetensors(path)
    else:
        loaded = CheckpointLoader.load_checkpoint(str(path), 'cpu', logger='silent')
        loaded = loaded if isinstance(loaded, dict) else {}
        weights, meta = loaded.get('state_dict', loaded), loaded.get('meta') or {}
    if not weights or not all(isinstance(value, Tensor) for value in weights.values()):
        raise ValueError(
            f"'{path}' holds no weights: expected a checkpoint with 'state_dict', as "
            'training writes it, or a file by `tools/publish.py`'
        )
    text = meta.get(KEY)
    try:
        facts = ModelFacts.from_json(text) if isinstance(text, str) else None
    except ValueError as error:
        raise ValueError(f"'{path}': {error}") from error
    return ModelFile(path, dict(weights), meta, facts)


def model_file_bytes(
    weights: dict[str, Tensor], facts: ModelFacts, safetensors: bool = False
) -> bytes:
    """Weights with their facts, as the content of a .pth or .safetensors file.

    The same weights and facts give the same bytes.
    """
    weights = {
        name.removeprefix('module.'): value.detach().cpu().contiguous().clone()
        for name, value in weights.items()
    }
    text = facts.to_json()
    if safetensors:
        return _safetensors().torch.save(weights, metadata={KEY: text})
    # What MMEngine and this plugin's hooks ask a checkpoint for is there too.
    known = dict(facts.dataset, classes=list(facts.classes))
    meta = {KEY: text, 'dataset_meta': known}
    content = BytesIO()
    torch.save(dict(meta=meta, state_dict=weights), content)
    return content.getvalue()


def _read_safetensors(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    library = _safetensors()
    try:
        with library.safe_open(str(path), 'pt') as file:
            names = file.keys()
            weights = {name: file.get_tensor(name) for name in names}
            return weights, dict(file.metadata() or {})
    except Exception as error:  # SafetensorError is in no public module
        raise RuntimeError(
            f"'{path}' is not a whole .safetensors file ({error}); copy it again"
        ) from error


def _safetensors() -> Any:
    try:
        import safetensors
        import safetensors.torch
    except ImportError as error:
        raise ImportError(INSTALL) from error
    return safetensors
