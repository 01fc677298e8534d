"""Quantisation of a network to 8-bit integers."""

import logging
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from mmaction.registry import DATASETS
from mmengine.registry import init_default_scope

from ..inference.model_files.onnx_file import (
    CHECKSUM,
    NO_CHECKSUM,
    add_checksum,
    read_onnx,
)
from ..utils import atomic_write, check_installed
from ..utils.config_file import load_config


def calibration_clips(config: str | Path, count: int = 70) -> np.ndarray:
    """Load evenly spaced clips of the training part by the test pipeline.

    Args:
        config (str | Path): Config of the network.
        count (int): Greatest number of clips. Defaults to 70.

    Returns:
        np.ndarray: uint8 of shape (n, frames, height, width, 3) in RGB.

    Raises:
        OSError: If the data set is missing.
        ValueError: If count is below 1.
    """
    if count < 1:
        raise ValueError(f'calibration needs at least 1 clip, got {count}')
    init_default_scope('mmaction')
    parsed = load_config(config, 'train_dataloader', 'test_dataloader')
    given = parsed.train_dataloader.dataset
    given.pipeline = parsed.test_dataloader.dataset.pipeline
    dataset = DATASETS.build(dict(given, test_mode=True))
    chosen = np.unique(np.linspace(0, len(dataset) - 1, count).round().astype(int))
    return np.stack([unpack_clip(dataset[int(index)]) for index in chosen])


def unpack_clip(sample: dict) -> np.ndarray:
    """Convert the packed output of a pipeline to (frames, height, width, 3)."""
    return sample['inputs'][0].permute(1, 2, 3, 0).contiguous().numpy()


def quantize_onnx(source: str | Path, out: str | Path, clips: np.ndarray) -> Path:
    """Write an exported network with 8-bit weights and activations.

    Quantisation is static: the range of each activation is measured on the clips.
    Weights have one scale per channel and use seven bits: processors without VNNI add
    pairs of products in 16 bits, which would overflow. Normalisation and softmax stay
    in floats; of the metadata only the checksum changes.

    Args:
        source (str | Path): ``.onnx`` in floats, from :func:`export_network`.
        out (str | Path): ``.onnx`` to write.
        clips (np.ndarray): uint8 of shape (n, frames, height, width, 3) in RGB.

    Returns:
        Path: ``out``.

    Raises:
        ImportError: If onnx or onnxruntime is not installed.
        ValueError: If there is no clip, or the source is damaged.
    """
    check_installed('An 8-bit network', 'deploy', 'onnx', 'onnxruntime')
    import onnx
    from onnxruntime.quantization import CalibrationDataReader, quantize_static
    from onnxruntime.quantization import QuantType as Type

    if not len(clips):
        raise ValueError('quantisation needs clips to measure the range of activations')

    class Reader(CalibrationDataReader):
        def __init__(self) -> None:
            self.rest: Iterator[np.ndarray] = iter(np.split(clips, len(clips)))

        def get_next(self) -> dict | None:
            clip = next(self.rest, None)
            return None if clip is None else {'clips': clip}

    model = onnx.load_from_string(read_onnx(source))
    root, level = logging.getLogger(), logging.getLogger().level
    root.setLevel(logging.ERROR)  # its advice has no effect here
    try:
        with atomic_write(out) as temporary:
            quantize_static(
                model,
                str(temporary),
                Reader(),
                op_types_to_quantize=['Conv', 'Gemm', 'MatMul'],
                per_channel=True,
                reduce_range=True,
                activation_type=Type.QUInt8,
                weight_type=Type.QInt8,
            )
            made = onnx.load(str(temporary))
            known = {entry.key for entry in made.metadata_props}
            for entry in model.metadata_props:
                if entry.key not in known:
                    made.metadata_props.add(key=entry.key, value=entry.value)
            for entry in made.metadata_props:
                if entry.key == CHECKSUM:
                    entry.value = NO_CHECKSUM
            onnx.save(made, str(temporary))
            add_checksum(temporary)
    finally:
        root.setLevel(level)
    return Path(out)
