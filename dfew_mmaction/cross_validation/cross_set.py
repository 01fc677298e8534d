"""Test of a checkpoint on another data set, without training."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mmaction.registry import DATASETS
from mmengine.config import Config
from mmengine.runner import Runner

from ..datasets import BaseExpressionDataset
from ..inference.model_files.model_file import SAFETENSORS, read_model_file
from ..utils.config_file import load_config, merge_options


def cross_set_config(
    config: str | Path,
    checkpoint: str | Path,
    data_config: str | Path,
    *,
    options: Mapping[str, Any] | None = None,
) -> Config:
    """Make a config that tests a network on the test part of another set.

    The labels of the other set are read in the order of the checkpoint's classes; clips
    of classes that the checkpoint lacks are left out. Predictions of classes that the
    other set lacks count as wrong.

    Args:
        config (str | Path): Config of the network.
        checkpoint (str | Path): Its checkpoint, which must contain its class names.
        data_config (str | Path): Config with the ``test_dataloader`` of the other set,
            such as ``configs/_base_/datasets/ferv39k.py``. The pipeline is that of
            ``config``. If one of the two reads frames and the other videos, it is that
            of ``data_config``, with the frame size of ``config``.
        options (Mapping[str, Any], optional): Keys of the config to set.

    Returns:
        Config: For MMEngine's ``Runner``; ``load_from`` is the checkpoint.

    Raises:
        FileNotFoundError: If a file is missing.
        RuntimeError: If the checkpoint is truncated or contains foreign code.
        ValueError: If the checkpoint has no class names or is no .pth file, or the
            other config has no expression set.
    """
    for path in (config, checkpoint, data_config):
        if not Path(path).is_file():
            raise FileNotFoundError(f"there is no file '{path}'")
    cfg, other = (
        load_config(config, 'model', 'test_dataloader'),
        load_config(data_config, 'test_dataloader'),
    )
    if Path(checkpoint).suffix == SAFETENSORS:
        raise ValueError(
            f"'{checkpoint}': testing reads .pth only; publish the network without "
            '`--safetensors`'
        )
    classes = read_model_file(checkpoint).classes
    if not classes:
        raise ValueError(
            f"'{checkpoint}' has no class names (`dataset_meta` in its meta): "
            'their order is unknown. Add them to it, or train on a set that '
            'has `classes`'
        )
    dataset: Any = (other.get('test_dataloader') or {}).get('dataset') or {}
    kind = DATASETS.get(dataset.get('type')) if dataset else None
    if not (isinstance(kind, type) and issubclass(kind, BaseExpressionDataset)):
        raise ValueError(
            f'{data_config}: expected a `test_dataloader` with an expression set, such '
            f'as FERV39kDataset, found {dataset.get("type")}'
        )
    ours = cfg.test_dataloader.dataset
    pipeline = ours.pipeline
    if _reads_videos(pipeline) != _reads_videos(dataset.pipeline):
        pipeline = _at_scale(dataset.pipeline, ours.pipeline)
    cfg.test_dataloader.dataset = dict(
        dataset, pipeline=pipeline, classes=list(classes), others='skip'
    )
    cfg.test_evaluator = dict(type='UARWARMetric', num_classes=len(classes))
    cfg.load_from = str(checkpoint)
    merge_options(cfg, options)
    return cfg


def run_cross_set(
    cfg: Config, work_dir: str | Path, dump: str | None = None
) -> dict[str, float]:
    """Run a config of :func:`cross_set_config`.

    Args:
        cfg (Config): Its result.
        work_dir (str | Path): Folder for the log.
        dump (str, optional): Predictions file (CSV) to write.

    Returns:
        dict[str, float]: ``acc/UAR``, ``acc/WAR`` and recalls, in [0, 1].
    """
    cfg.work_dir = str(work_dir)
    if dump:
        writer = dict(type='DumpPredictions', out_file=dump)
        cfg.test_evaluator = [cfg.test_evaluator, writer]
    return Runner.from_cfg(cfg).test()


def _reads_videos(pipeline: list[Mapping[str, Any]]) -> bool:
    return any(step['type'].endswith('Decode') for step in pipeline)


def _at_scale(pipeline: list[dict], like: list[dict]) -> list[dict]:
    """Copy a pipeline, with the last frame size of another one."""
    scales = [step['scale'] for step in like if 'scale' in step]
    return [
        dict(step, scale=scales[-1]) if scales and 'scale' in step else step
        for step in pipeline
    ]
