"""Exported networks on the CPU.

Each network of configs/dfew, with random weights, is exported to ONNX and torch.export,
and both are compared with PyTorch on noise and on synthetic faces; ONNX Runtime and
PyTorch then run one clip in turn. C3D and R3D18 are also quantised.
With `--trained CONFIG CHECKPOINT` the same is done with a trained network, and its UAR
and that of its 8-bit form on the test part are in the note.
"""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from measure import Row, compare, main, take_turns
from mmaction.registry import MODELS
from mmengine.config import Config
from mmengine.logging import MMLogger
from mmengine.registry import init_default_scope
from mmengine.utils.dl_utils.parrots_wrapper import _BatchNorm

from dfew_mmaction.deploy import (
    Loaded,
    calibration_clips,
    export_network,
    load_network,
    parity_clips,
    quantize_onnx,
    score_onnx,
)
from dfew_mmaction.inference.classifiers.onnx_classifier import OnnxClassifier
from dfew_mmaction.reports.config_table import describe_config

NETWORKS = 'c3d r3d18 resnet3d18 p3d i3d vgg11_lstm resnet18_lstm'.split()
QUANTISED = ('c3d', 'r3d18')
CONFIGS = Path(__file__).resolve().parents[1] / 'configs'


def untrained(config: Path, path: Path) -> None:
    """Write random weights with batch statistics of synthetic faces.

    Without these the activations of a deep network grow until one class has a
    probability of 1.
    """
    init_default_scope('mmaction')
    torch.manual_seed(0)
    model = MODELS.build(Config.fromfile(config).model)
    model.init_weights()
    for layer in model.modules():
        if isinstance(layer, _BatchNorm):
            layer.momentum = 1.0
    frames, height, width = map(int, describe_config(config)['input'].split(' × '))
    faces = parity_clips(frames, (height, width))['drawn']
    inputs = torch.tensor(faces).permute(0, 4, 1, 2, 3).float()
    pixels = model.data_preprocessor
    with torch.no_grad():
        model.train().backbone((inputs - pixels.mean) / pixels.std)
    torch.save(dict(state_dict=model.state_dict()), path)


def network_rows(
    config: Path,
    checkpoint: Path,
    folder: Path,
    runs: int,
    calibration: np.ndarray | None,
    scored: bool,
) -> Iterator[Row]:
    loaded = load_network(config, checkpoint)
    written = {
        end: export_network(loaded, folder / f'n.{end}') for end in ('onnx', 'pt2')
    }
    frames, size = loaded.facts.num_frames, loaded.facts.input_size
    name = f'{config.stem}, a clip of {frames} × {size[0]} × {size[1]}'
    clip = parity_clips(frames, size, 1)['drawn']
    worst = {end: max(file.differences.values()) for end, file in written.items()}
    note = (
        f'greatest difference {worst["onnx"]:.0e}, of .pt2 {worst["pt2"]:.0e}; '
        f'{written["onnx"].megabytes:.1f} MB'
    )
    contenders = {
        'PyTorch': lambda: in_torch(loaded, clip),
        'ONNX Runtime': lambda: onnx(clip),
    }
    onnx = OnnxClassifier(folder / 'n.onnx')
    if calibration is None:
        yield compare(
            name, take_turns(contenders, runs), 'ONNX Runtime', 'PyTorch',
            unit='ms', note=note,
        )  # fmt: skip
        return
    quantize_onnx(folder / 'n.onnx', folder / 'int8.onnx', calibration)
    eight = OnnxClassifier(folder / 'int8.onnx')
    contenders['int8'] = lambda: eight(clip)
    seconds = take_turns(contenders, runs)
    yield compare(name, seconds, 'ONNX Runtime', 'PyTorch', unit='ms', note=note)
    note = f'{(folder / "int8.onnx").stat().st_size / 1e6:.1f} MB'
    if scored:
        paths = [folder / 'n.onnx', folder / 'int8.onnx']
        uar = [100 * s['UAR'] for s in score_onnx(config, paths).values()]
        note += f'; UAR {uar[1]:.1f} %, of ONNX in floats {uar[0]:.1f} %'
    yield compare(name, seconds, 'int8', 'ONNX Runtime', unit='ms', note=note)


def in_torch(loaded: Loaded, clip: np.ndarray) -> None:
    with torch.inference_mode():
        loaded.network(torch.from_numpy(clip))


def rows(args: argparse.Namespace) -> Iterator[Row]:
    MMLogger.get_current_instance().setLevel('WARNING')
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for name in args.networks:
            config, checkpoint = CONFIGS / 'dfew' / f'{name}.py', home / 'random.pth'
            untrained(config, checkpoint)
            faces = None
            if name in QUANTISED:
                faces = parity_clips(16, (112, 112), 7)['drawn']
            yield from network_rows(config, checkpoint, home, args.runs, faces, False)
        for config, checkpoint in args.trained:
            faces = calibration_clips(config)
            yield from network_rows(
                Path(config), Path(checkpoint), home, args.runs, faces, True
            )


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        '--networks', nargs='*', default=NETWORKS, help='of configs/dfew, by name'
    )
    parser.add_argument(
        '--trained', nargs=2, action='append', default=[],
        metavar=('CONFIG', 'CHECKPOINT'),
    )  # fmt: skip


if __name__ == '__main__':
    main(__doc__, rows, options=options)
