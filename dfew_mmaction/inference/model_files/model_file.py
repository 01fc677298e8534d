"""Model files: weights with their description."""

import hashlib
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import torch
from mmengine.runner import CheckpointLoader
from safetensors import safe_open
from safetensors.torch import save
from torch import Tensor

from ...utils.classes import class_names
from .facts import KEY, ModelFacts

SAFETENSORS = '.safetensors'
#: Key of the checksum of description and weights in the metadata.
CHECKSUM = 'dfew_mmaction_sha256'


@dataclass
class ModelFile:
    """Content of a model file.

    Attributes:
        path (Path): Path of the file.
        state_dict (dict[str, Tensor]): The weights.
        meta (dict): ``meta`` of the checkpoint, with all expected keys.
        facts (ModelFacts, optional): Description of the network, in files by
            ``tools/publish.py``.
    """

    path: Path
    state_dict: dict[str, Tensor]
    meta: dict[str, Any] = field(default_factory=dict)
    facts: ModelFacts | None = None

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes; empty if the file does not contain them."""
        if self.facts is not None:
            return self.facts.classes
        given = self.dataset.get('classes')
        try:
            return class_names(given) if given else ()
        except ValueError as error:
            raise ValueError(f"'{self.path}': {error}") from error

    @property
    def dataset(self) -> dict[str, Any]:
        """Name, fold, source, … of the training set, as far as the file contains
        them.
        """
        if self.facts is not None:
            return {'source': self.facts.source, **self.facts.dataset}
        given = self.meta.get('dataset_meta')
        return dict(given) if isinstance(given, dict) else {}


def read_model_file(path: str | Path) -> ModelFile:
    """Read a checkpoint; tensors and plain values only, nothing is executed.

    Args:
        path (str | Path): ``.safetensors``, else a checkpoint of torch.

    Raises:
        FileNotFoundError: If it is missing.
        ImportError: If safetensors is needed and not installed.
        RuntimeError: If it is truncated or contains foreign code.
        ValueError: If it contains no weights, its description is invalid, or it differs
            from the published file.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no checkpoint '{path}'")
    weights: Any
    meta: Any
    if path.suffix == SAFETENSORS:
        weights, meta = _read_safetensors(path)
    else:
        _check_not_compressed(path)
        loaded = CheckpointLoader.load_checkpoint(str(path), 'cpu', logger='silent')
        loaded = loaded if isinstance(loaded, dict) else {}
        weights, meta = loaded.get('state_dict', loaded), loaded.get('meta')
        meta = meta if isinstance(meta, dict) else {}
    if not _are_weights(weights):
        raise ValueError(
            f"'{path}' contains no weights: expected a checkpoint of a training, with "
            "'state_dict', or a file by `tools/publish.py`"
        )
    for name, value in weights.items():
        stored = value.untyped_storage().nbytes()
        if value.numel() * value.element_size() > stored:
            raise ValueError(
                f"'{path}': the weight {name} of shape {tuple(value.shape)} has only "
                f'{stored} bytes, which it repeats. No training writes this.'
            )
    text: Any = meta.get(KEY)
    try:
        facts = ModelFacts.from_json(text) if isinstance(text, str) else None
    except ValueError as error:
        raise ValueError(f"'{path}': {error}") from error
    if facts is not None and meta.get(CHECKSUM, '') not in ('', _sum(weights, text)):
        raise ValueError(
            f"'{path}' is damaged: its weights are not those that were published. Copy "
            'or download it again.'
        )
    return ModelFile(path, dict(weights), meta, facts)


def model_file_bytes(
    weights: dict[str, Tensor], facts: ModelFacts, safetensors: bool = False
) -> bytes:
    """Serialise weights and facts as a .pth or .safetensors file.

    Equal weights and facts give equal bytes.
    """
    weights = {
        name.removeprefix('module.'): value.detach().cpu().contiguous().clone()
        for name, value in weights.items()
    }
    text = facts.to_json()
    if safetensors:
        metadata = {KEY: text, CHECKSUM: _sum(weights, text)}
        return save(weights, metadata=metadata)
    # Includes the keys that MMEngine and the hooks of this plugin need.
    known = dict(facts.dataset, classes=list(facts.classes))
    meta = {KEY: text, CHECKSUM: _sum(weights, text), 'dataset_meta': known}
    content = BytesIO()
    torch.save(dict(meta=meta, state_dict=weights), content)
    return content.getvalue()


def _sum(weights: Mapping[str, Tensor], text: str) -> str:
    """Compute the SHA-256 of a description and its weights."""
    found = hashlib.sha256(text.encode())
    for name in sorted(weights):
        value = weights[name].detach().cpu().contiguous()
        found.update(f'{name} {value.dtype} {tuple(value.shape)}'.encode())
        found.update(value.flatten().view(torch.uint8).numpy().data)
    return found.hexdigest()


def _are_weights(weights: Any) -> bool:
    return isinstance(weights, dict) and bool(weights) and all(
        isinstance(name, str) and isinstance(value, Tensor)
        for name, value in weights.items()
    )  # fmt: skip


def _check_not_compressed(path: Path) -> None:
    """Refuse a file whose members unpack to more than its size.

    ``torch.save`` does not compress.
    """
    if not zipfile.is_zipfile(path):
        return  # the old format, or no checkpoint
    try:
        with zipfile.ZipFile(path) as file:
            sizes = [member.file_size for member in file.infolist()]
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return  # torch reports the error
    if sum(sizes) > path.stat().st_size:
        raise ValueError(
            f"'{path}' is compressed and unpacks to {sum(sizes) / 1e6:.0f} MB; "
            '`torch.save` compresses nothing. It was not loaded.'
        )


def _read_safetensors(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    try:
        with safe_open(str(path), 'pt') as file:
            names = file.keys()
            weights = {name: file.get_tensor(name) for name in names}
            return weights, dict(file.metadata() or {})
    except Exception as error:  # SafetensorError is in no public module
        raise RuntimeError(
            f"'{path}' is not a complete .safetensors file ({error}); copy it again"
        ) from error
