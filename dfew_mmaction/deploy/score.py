"""Scores of exported networks."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from mmaction.registry import DATASETS
from mmengine.registry import init_default_scope

from ..evaluation import UARWARMetric
from ..inference.classifiers.onnx_classifier import OnnxClassifier
from ..utils import track
from ..utils.config_file import load_config
from .quantize import unpack_clip


def score_onnx(
    config: str | Path, paths: Sequence[str | Path]
) -> dict[str, dict[str, float]]:
    """Compute UAR, WAR and recalls of ONNX files on the test part of a config.

    Args:
        config (str | Path): Config with the test part and its pipeline.
        paths (Sequence[str | Path]): Files of :func:`export_network` or
            :func:`quantize_onnx`.

    Returns:
        dict[str, dict[str, float]]: By file, the result of
        :meth:`~dfew_mmaction.evaluation.UARWARMetric.calculate`, in fractions.

    Raises:
        OSError: If a file or the data set is missing.
        ValueError: If a file has other classes than the data set, or was trained on
            another fold of it.
    """
    classifiers = {str(path): OnnxClassifier(path) for path in paths}
    init_default_scope('mmaction')
    dataset = DATASETS.build(
        load_config(config, 'test_dataloader').test_dataloader.dataset
    )
    classes = tuple(dataset.metainfo['classes'])
    for path, classifier in classifiers.items():
        if classifier.classes != classes:
            raise ValueError(
                f'{path} has the classes {", ".join(classifier.classes)}; the test '
                f'part of {config} has {", ".join(classes)}'
            )
        made = classifier.facts.dataset
        ours = dataset.metainfo
        if made.get('dataset') == ours.get('dataset') and made.get(
            'fold', ours.get('fold')
        ) != ours.get('fold'):
            raise ValueError(
                f'{path} was trained on fold {made["fold"]} of {made["dataset"]} and '
                f'would be scored on fold {ours["fold"]}, whose test clips are in its '
                f'training part. Set the fold {made["fold"]}.'
            )
    targets: list[int] = []
    found: dict[str, list[int]] = {path: [] for path in classifiers}
    for index in track(range(len(dataset)), 'scoring', len(dataset), 'clips'):
        sample = dataset[index]
        targets.append(int(sample['data_samples'].gt_label))
        clip = unpack_clip(sample)[None]
        for path, classifier in classifiers.items():
            found[path].append(int(classifier(clip)[0].argmax()))
    return {
        path: UARWARMetric.calculate(
            np.array(answers), np.array(targets), num_classes=len(classes)
        )
        for path, answers in found.items()
    }
