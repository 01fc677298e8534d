"""Choice of the classifier for a model."""

import sys
from pathlib import Path

from ..packaged import notice, packaged_model
from .base import ClipClassifier

MODEL_FILES = ('.pth', '.pt', '.safetensors')


def load_classifier(
    model: str | Path | ClipClassifier | None = None,
    checkpoint: str | Path | None = None,
    device: str | None = None,
) -> ClipClassifier:
    """Make a classifier; for an ``.onnx`` file, torch is not imported.

    The arguments are those of :class:`.ExpressionInferencer`.

    Raises:
        ValueError: If a checkpoint has no config, or a config no checkpoint.
    """
    if not isinstance(model, (str, Path)) and isinstance(model, ClipClassifier):
        return model
    if model is None:
        if checkpoint is not None:
            raise ValueError(
                f"the checkpoint '{checkpoint}' needs the config of its network; pass "
                'it, or pass a file by `tools/publish.py` as the model'
            )
        model = packaged_model()
        print(notice(model), file=sys.stderr)
    if Path(str(model)).suffix == '.onnx':
        from .onnx_classifier import OnnxClassifier

        return OnnxClassifier(model)
    from .torch_classifier import TorchClassifier

    if Path(str(model)).suffix in MODEL_FILES and checkpoint is None:
        return TorchClassifier(None, model, device)
    if checkpoint is None:
        raise ValueError(
            f"'{model}' is a config and needs the checkpoint of its network; a file "
            'by `tools/publish.py` needs no config'
        )
    return TorchClassifier(model, checkpoint, device)
