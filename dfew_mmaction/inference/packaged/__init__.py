"""The packaged network, trained on rendered faces only.

The folder contains the network as safetensors, for PyTorch, and as ONNX, and its card.
``experiments/real_faces`` reproduces it.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

FOLDER = Path(__file__).parent
#: File suffixes by backend.
ENDINGS = {'torch': '.safetensors', 'onnx': '.onnx'}
#: Printed if the network is used because no model was given.
NOTICE = (
    'No model was given: using the packaged network {name}, which was trained on '
    'rendered (synthetic) faces only; its card is {card}'
)


def packaged_model(backend: str) -> Path:
    """Path of the packaged network.

    Args:
        backend (str): 'torch' or 'onnx'.

    Raises:
        FileNotFoundError: If the installation lacks it.
        ValueError: If there is no such backend.
    """
    if backend not in ENDINGS:
        raise ValueError(f'backend must be one of {list(ENDINGS)}, got {backend!r}')
    found = sorted(FOLDER.glob(f'*{ENDINGS[backend]}'))
    if not found:
        raise FileNotFoundError(
            f'this installation has no packaged network: no *{ENDINGS[backend]} in '
            f"'{FOLDER}'; pass a model file"
        )
    return found[0]


def usable_backend() -> str:
    """Return 'torch' if PyTorch and safetensors are installed, otherwise 'onnx'."""
    installed = all(find_spec(name) for name in ('torch', 'safetensors'))
    return 'torch' if installed else 'onnx'


def notice(path: Path) -> str:
    """Line that names the network."""
    card = next(iter(sorted(FOLDER.glob('*.md'))), FOLDER)
    return NOTICE.format(name=path.stem, card=card)
