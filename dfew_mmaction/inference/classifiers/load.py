"""Choice of the classifier for a model."""

import sys
from pathlib import Path

from ..packaged import notice, packaged_model, usable_backend
from .base import ClipClassifier

BACKENDS = ('torch', 'onnx')
MODEL_FILES = ('.pth', '.pt', '.safetensors')


def load_classifier(
    model: str | Path | ClipClassifier | None = None,
    checkpoint: str | Path | None = None,
    device: str | None = None,
    *,
    backend: str | None = None,
) -> ClipClassifier:
    """Make a classifier; torch is imported for ``'torch'`` only.

    The arguments are those of :class:`.ExpressionInferencer`.

    Raises:
        ValueError: If the backend is unknown or does not suit the model.
    """
    if not isinstance(model, (str, Path)) and isinstance(model, ClipClassifier):
        return model
    if model is None:
        if checkpoint is not None:
            raise ValueError(
                f"the checkpoint '{checkpoint}' needs the config of its network; pass "
                'it, or pass a file by `tools/publish.py` as the model'
            )
        backend = backend or usable_backend()
        model = packaged_model(backend)
        print(notice(model), file=sys.stderr)
    backend = backend or ('onnx' if Path(str(model)).suffix == '.onnx' else 'torch')
    if backend not in BACKENDS:
        raise ValueError(f'backend must be one of {BACKENDS}, got {backend!r}')
    ending = Path(str(model)).suffix
    if (ending == '.onnx') != (backend == 'onnx'):
        raise ValueError(
            f"backend {backend!r} and the model '{model}' do not go together: "
            "backend='onnx' takes an .onnx file, 'torch' a config or a checkpoint"
        )
    if backend == 'onnx':
        from .onnx_classifier import OnnxClassifier

        return OnnxClassifier(model)
    from .torch_classifier import TorchClassifier

    if ending in MODEL_FILES and checkpoint is None:
        return TorchClassifier(None, model, device)
    if checkpoint is None:
        raise ValueError(
            f"'{model}' is a config and needs the checkpoint of its network; a file "
            'by `tools/publish.py` needs no config'
        )
    return TorchClassifier(model, checkpoint, device)
