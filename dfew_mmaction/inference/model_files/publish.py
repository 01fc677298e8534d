"""Writes model files and their cards."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from mmaction.registry import DATASETS
from mmengine.config import Config
from torch import Tensor

from ...evaluation.functional import read_predictions, uar_war
from ...faces.alignment import measure_template
from ...faces.detectors import build_detector
from ...synthetic.guard import MARKER
from ...utils import atomic_write, write_text
from ...utils.json_files import read_json
from ...utils.pictures import read_picture
from ..classifiers.pipelines import dataset_of, datasets_of
from ..classifiers.torch_classifier import TorchClassifier
from .card import model_card
from .model_file import SAFETENSORS, model_file_bytes, read_model_file

#: Digits of the hash in the file name, as in OpenMMLab's model files.
DIGITS = 8
#: Frames on which the alignment is measured.
FACES = 64


def publish(
    config: str | Path,
    checkpoint: str | Path,
    out_dir: str | Path,
    *,
    name: str | None = None,
    predictions: str | Path | None = None,
    safetensors: bool = False,
    note: str = '',
    measure_alignment: bool = False,
) -> Path:
    """Write a model file, which needs no config, and its model card.

    The file contains the weights and, as JSON text, class names, input size, pixel
    normalisation, frame variant, network, test pipeline, config and data set, but not
    optimizer, log and message hub.

    Args:
        config (str | Path): Config of the network.
        checkpoint (str | Path): Checkpoint of its training.
        out_dir (str | Path): Folder of ``<name>-<hash>.pth`` and ``.md``.
        name (str, optional): Defaults to that of the config.
        predictions (str | Path, optional): Predictions file of ``tools/test.py``, whose
            scores are added to file and card.
        safetensors (bool): Write ``.safetensors`` instead. Defaults to False.
        note (str): A paragraph for the card, such as limits of use.

        measure_alignment (bool): Measure the positions of eyes, nose and mouth in the
            config's test frames by MTCNN and store them in the file, for data with
            another alignment than the release. Defaults to False.

    Returns:
        Path: The model file.

    Raises:
        ValueError: If the checkpoint does not fill the network or has weights that are
            not finite, the predictions are of other classes, or the name is a path.
            Nothing is written then.
    """
    if name and Path(name).name != name:
        raise ValueError(
            f'the name of a model file must not contain a folder, got {name!r}: set '
            'the output folder instead'
        )
    network = TorchClassifier(config, checkpoint, 'cpu')
    file = read_model_file(checkpoint)
    _check_finite(file.state_dict, checkpoint)
    scores: dict[str, Any] = {}
    if predictions is not None:
        scores = _scores(predictions, network.classes)
    facts = replace(network.facts, scores=scores)
    if measure_alignment:
        measured = _template(network.cfg).round(4).tolist()
        facts = replace(facts, template=measured)
    if made_by := _synthetic(network.cfg):
        facts.dataset[made_by] = True
    content = model_file_bytes(file.state_dict, facts, safetensors)
    # The hash in the name allows a check of the file.
    sign = hashlib.sha256(content).hexdigest()[:DIGITS]
    ending = SAFETENSORS if safetensors else '.pth'
    path = Path(out_dir) / f'{name or Path(config).stem}-{sign}{ending}'
    with atomic_write(path) as temporary:
        temporary.write_bytes(content)
    write_text(path.with_suffix('.md'), model_card(path, facts, note))
    return path


def _check_finite(weights: dict[str, Tensor], path: str | Path) -> None:
    wrong = [name for name, value in weights.items() if not value.isfinite().all()]
    if wrong:
        raise ValueError(
            f"'{path}' was not published: {len(wrong)} of {len(weights)} weights are "
            f'not finite, the first is {wrong[0]}. Has training diverged? Take an '
            'earlier checkpoint.'
        )


def _template(cfg: Config) -> np.ndarray:
    """Measure the landmarks in the first frames of some test clips.

    Prediction imitates what the network is tested on; training data may combine crops.
    """
    dataset = DATASETS.build(dataset_of(cfg, 'test'))
    chosen = np.linspace(0, len(dataset) - 1, min(FACES, len(dataset))).astype(int)
    found = [dataset.get_data_info(int(i)) for i in chosen]
    # A pack contains keys instead of paths.
    paths = [None if 'backend_args' in i else i.get('frame_paths') for i in found]
    if not all(paths):
        raise ValueError(
            'the alignment is measured on folders of frames; the config reads source '
            f'{dataset.source!r}'
        )
    detector = build_detector('mtcnn')
    faces = (read_picture(path[0]) for path in paths if path)
    return measure_template(faces, detector)


def _synthetic(cfg: Config) -> str:
    """'drawn' or 'rendered' for synthetic data, which has DFEW's names and layout."""
    kinds = set()
    for dataset in datasets_of(cfg, 'train'):
        marker = Path(str(dataset.get('data_root', '')), MARKER)
        if not marker.is_file():
            return ''
        made = read_json(marker, 'description of a synthetic set', {})
        arguments = made.get('arguments') or {}
        kinds.add('rendered' if 'rendering' in arguments else 'drawn')
    return 'drawn' if 'drawn' in kinds else ''.join(kinds)


def _scores(path: str | Path, classes: tuple) -> dict[str, Any]:
    _, labels, scores, named = read_predictions(path)
    if named != classes:
        raise ValueError(
            f'{path} has the classes {", ".join(named)}, the checkpoint '
            f'{", ".join(classes)}: they are of different networks'
        )
    measured = uar_war(scores, labels, len(classes), classes=classes)
    # A class without clips has no recall; JSON has no NaN.
    known = {k: float(v) for k, v in measured.items() if v == v}
    return dict(clips=len(labels), **known)
