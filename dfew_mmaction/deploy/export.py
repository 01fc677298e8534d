"""Export of a network to ONNX or torch.export."""

import io
import json
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from ..inference import ModelFacts
from ..inference.model_files.facts import KEY
from ..inference.model_files.onnx_file import CHECKSUM, NO_CHECKSUM, add_checksum
from ..utils import atomic_write, check_installed
from ..version import __version__
from .network import DeployedNetwork, Loaded
from .parity import compare_outputs, parity_clips

#: Opset of ONNX that torch's exporter writes without conversion.
OPSET = 18
#: Greatest allowed difference between an exported network and PyTorch.
TOLERANCE = 1e-4
_INPUT, _OUTPUTS = 'clips', ['scores', 'probabilities']


class Export(NamedTuple):
    """An exported file.

    Attributes:
        path (Path): The file.
        differences (dict[str, float]): Differences from PyTorch, see
            :func:`compare_outputs`.
        megabytes (float): Size of the file.
    """

    path: Path
    differences: dict[str, float]
    megabytes: float


def export_network(
    loaded: Loaded, out: str | Path, tolerance: float = TOLERANCE
) -> Export:
    """Export a network for use without this package and compare it with PyTorch.

    The content of :class:`.ModelFacts` and a description of input and output are stored
    in ``metadata_props`` of ONNX, with a checksum of the file, or in the extra file
    ``metadata.json`` of torch.export.

    Args:
        loaded (Loaded): From :func:`load_network`.
        out (str | Path): ``.onnx``, or ``.pt2`` for ``torch.export.load``.
        tolerance (float): Greatest allowed difference. Defaults to 1e-4.

    Returns:
        Export: The file.

    Raises:
        ImportError: If the packages for ONNX are not installed.
        ValueError: If the suffix is another one, the network cannot be exported for any
            number of clips, or the outputs differ from PyTorch's. Nothing is written
            then.
    """
    writers = {'.onnx': _write_onnx, '.pt2': _write_pt2}
    runners = {'.onnx': _onnx_outputs, '.pt2': _pt2_outputs}
    ending = Path(out).suffix
    if ending not in writers:
        raise ValueError(f"'{out}' must end in {' or '.join(writers)}")
    if ending == '.onnx':
        check_installed('Writing ONNX', 'deploy', 'onnx', 'onnxruntime', 'onnxscript')
    network, facts = loaded
    clips = parity_clips(facts.num_frames, facts.input_size)
    example = torch.tensor(clips['random'][:2])
    with atomic_write(out) as temporary:
        program = _trace(network, example)
        writers[ending](program, _metadata(facts), temporary)
        differences = compare_outputs(network, runners[ending](temporary), clips)
        worst = max(differences, key=differences.__getitem__)
        if not differences[worst] < tolerance:
            raise ValueError(
                f'{out}: on {worst} clips it differs from PyTorch by '
                f'{differences[worst]:.1e} (at most {tolerance:.0e}). Nothing was '
                'written.'
            )
        megabytes = temporary.stat().st_size / 1e6
    return Export(Path(out), differences, megabytes)


def _metadata(facts: ModelFacts) -> dict[str, str]:
    height, width = facts.input_size
    return {
        KEY: facts.to_json(),
        'input': f'clips: uint8 (n, {facts.num_frames}, {height}, {width}, 3), aligned '
        'faces in RGB, resized by area; normalised inside',
        'output': 'scores before and probabilities after the softmax: float32 '
        f'(n, {len(facts.classes)})',
        'classes': ', '.join(facts.classes),
        'made_by': f'dfew_mmaction {__version__}, torch {torch.__version__}',
    }


def _trace(
    network: DeployedNetwork, example: torch.Tensor
) -> torch.export.ExportedProgram:
    # Without a maximum, torch 2.6 refuses its own guard against the largest integer.
    free = torch.export.Dim('clips', min=1, max=2**31 - 1)
    try:
        with _quiet(), torch.no_grad():
            program = torch.export.export(
                network, (example,), dynamic_shapes=({0: free},)
            )
    except Exception as error:  # the only common class of the tracer's errors
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise ValueError(
            f'{type(network.model.backbone).__name__} cannot be exported for any '
            f'number of clips: {reason[0]}'
        ) from error
    for node in program.graph.nodes:
        node.meta.pop('stack_trace', None)  # it contains paths of its machine
    return program


def _write_onnx(
    program: torch.export.ExportedProgram, metadata: dict[str, str], path: Path
) -> None:
    with _quiet():
        exported = torch.onnx.export(
            program,
            dynamo=True,
            opset_version=OPSET,
            input_names=[_INPUT],
            output_names=_OUTPUTS,
            verbose=False,
        )
    exported.model.metadata_props.update(metadata, **{CHECKSUM: NO_CHECKSUM})
    exported.save(str(path), external_data=False)
    add_checksum(path)


def _write_pt2(
    program: torch.export.ExportedProgram, metadata: dict[str, str], path: Path
) -> None:
    text = json.dumps(metadata, indent=1)
    # Via memory, because PyTorch's writer aborts the process if the disk is full.
    content = io.BytesIO()
    with _quiet():
        torch.export.save(program, content, extra_files={'metadata.json': text})
    path.write_bytes(content.getbuffer())


def _onnx_outputs(path: Path):
    import onnxruntime

    session = onnxruntime.InferenceSession(
        str(path), providers=['CPUExecutionProvider']
    )

    def run(clips: np.ndarray) -> list[np.ndarray]:
        return session.run(_OUTPUTS, {_INPUT: clips})

    return run


def _pt2_outputs(path: Path):
    with _quiet():
        module = torch.export.load(path).module()

    def run(clips: np.ndarray) -> list[np.ndarray]:
        with torch.inference_mode():
            return [output.numpy() for output in module(torch.tensor(clips))]

    return run


@contextmanager
def _quiet() -> Iterator[None]:
    """Suppress warnings of the exporters about torchvision and their own names."""
    logger = logging.getLogger('torch.onnx')
    level = logger.level
    logger.setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        try:
            yield
        finally:
            logger.setLevel(level)
