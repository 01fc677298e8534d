"""The packaged network, trained on rendered faces only.

The folder contains the network as safetensors, for PyTorch, and as ONNX, and its card.
``experiments/real_faces`` reproduces it.
"""

from importlib.util import find_spec
from pathlib import Path

FOLDER = Path(__file__).parent
#: Suffixes of the two files, the one that needs PyTorch first.
SUFFIXES = ('.safetensors', '.onnx')
#: Printed if the network is used because no model was given.
NOTICE = (
    'No model was given: using the packaged network {name}, which was trained on '
    'rendered (synthetic) faces only; its card is {card}'
)


def packaged_model() -> Path:
    """Path of the packaged network: for PyTorch if it is installed, otherwise ONNX.

    Raises:
        FileNotFoundError: If the installation lacks it.
    """
    installed = all(find_spec(name) for name in ('torch', 'safetensors'))
    suffix = SUFFIXES[0] if installed else SUFFIXES[1]
    found = sorted(FOLDER.glob(f'*{suffix}'))
    if not found:
        raise FileNotFoundError(
            f"this installation has no packaged network: no *{suffix} in '{FOLDER}'; "
            'pass a model file'
        )
    return found[0]


def notice(path: Path) -> str:
    """Line that names the network."""
    card = next(iter(sorted(FOLDER.glob('*.md'))), FOLDER)
    return NOTICE.format(name=path.stem, card=card)
