"""Model files that explain themselves, and a card to go with them."""

import hashlib
import os
from dataclasses import replace
from pathlib import Path
from typing import Any, Dict, Optional, Union

from ..evaluation.functional import read_predictions, uar_war
from ..utils import write_beside
from .inference.model_file import SAFETENSORS, read_model_file, write_model_file
from .inference.torch_classifier import TorchClassifier
from .model_card import model_card

#: Signs of the hash that are put into the name, as in OpenMMLab's model files.
DIGITS = 8


def publish(
    config: Union[str, Path],
    checkpoint: Union[str, Path],
    out_dir: Union[str, Path],
    name: Optional[str] = None,
    predictions: Union[str, Path, None] = None,
    safetensors: bool = False,
    note: str = '',
) -> Path:
    """Write a checkpoint that needs no config, with a model card beside it.

    Optimizer, log and message hub are left out; class names, input size, pixel
    normalisation, variant of the frames, network, test pipeline, config and data set
    are put in, as JSON text.

    Args:
        config (str | Path): Config of the network.
        checkpoint (str | Path): Checkpoint of its training.
        out_dir (str | Path): ``<name>-<hash>.pth`` and ``.md`` are written there.
        name (str, optional): Defaults to that of the config.
        predictions (str | Path, optional): Predictions file of ``tools/test.py``; the
            scores go into file and card.
        safetensors (bool): Write ``.safetensors`` instead. Defaults to False.
        note (str): A paragraph for the card, such as what the network is not for.

    Returns:
        Path: The model file.

    Raises:
        ValueError: If the checkpoint does not fill the network, or the predictions are
            of other classes. Nothing is written then.
    """
    network = TorchClassifier(config, checkpoint, 'cpu')
    file = read_model_file(checkpoint)
    scores: Dict[str, Any] = {}
    if predictions is not None:
        scores = _scores(predictions, network.classes)
    facts = replace(network.facts, scores=scores)
    stem = name or Path(config).stem
    out_dir = Path(out_dir)
    ending = SAFETENSORS if safetensors else '.pth'
    unnamed = out_dir / f'.{stem}.{os.getpid()}{ending}'
    try:
        write_model_file(unnamed, file.state_dict, facts)
        # Of the weights' file: whoever has it can check that it is whole.
        sign = hashlib.sha256(unnamed.read_bytes()).hexdigest()[:DIGITS]
        path = out_dir / f'{stem}-{sign}{ending}'
        os.replace(unnamed, path)
    finally:
        unnamed.unlink(missing_ok=True)
    with write_beside(path.with_suffix('.md')) as beside:
        beside.write_text(model_card(path, facts, note), encoding='utf-8')
    return path


def _scores(path: Union[str, Path], classes: tuple) -> Dict[str, Any]:
    _, labels, scores, named = read_predictions(path)
    if named != classes:
        raise ValueError(
            f'{path} has the classes {", ".join(named)}, the checkpoint '
            f'{", ".join(classes)}: they are of different networks'
        )
    measured = uar_war(scores, labels, len(classes), classes)
    # A class that no clip has, has no recall; JSON has no NaN.
    known = {k: float(v) for k, v in measured.items() if v == v}
    return dict(clips=len(labels), **known)
