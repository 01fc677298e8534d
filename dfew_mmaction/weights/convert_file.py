"""Conversion of weights from file to file."""

import io
import os

import torch
from mmaction.registry import MODELS
from mmengine.registry import init_default_scope
from mmengine.runner import CheckpointLoader

from ..utils import atomic_write
from ..utils.config_file import load_config
from . import convert_weights, fit_weights


def convert_weight_file(
    source: str, out: str, origin: str, *, config: str | None = None
) -> list[str]:
    """Convert a file of weights of another project, see :func:`convert_weights`.

    Args:
        source (str): File or URL; loaded by ``weights_only``.
        out (str): File to write: ``state_dict`` and origin.
        origin (str): Who published it, such as ``'dfew-official'``.
        config (str, optional): Config whose network it must fill; see
            :func:`fit_weights` for allowed differences. None: no check.

    Returns:
        list[str]: One sentence per change.

    Raises:
        FileNotFoundError: If there is no such file.
        RuntimeError: If it is truncated or contains foreign code.
        ValueError: If it is of another network. Nothing is written then.
    """
    loaded = CheckpointLoader.load_checkpoint(source, map_location='cpu', logger=None)
    try:
        converted = convert_weights(loaded, origin)
    except ValueError as error:
        raise ValueError(f'{source}: {error}') from error
    weights, notes = converted.state_dict, list(converted.notes)
    if config is not None:
        init_default_scope('mmaction')
        with torch.device('meta'):
            model = MODELS.build(load_config(config, 'model').model)
        try:
            fit = fit_weights(weights, model)
        except ValueError as error:
            raise ValueError(f'{source} for {config}: {error}') from error
        weights, notes = fit.state_dict, notes + fit.notes
    meta = dict(converted_from=os.path.basename(source), origin=origin)
    with atomic_write(out) as temporary:
        # Via memory, because PyTorch's writer aborts the process if the disk is full.
        content = io.BytesIO()
        torch.save(dict(meta=meta, state_dict=weights), content)
        temporary.write_bytes(content.getbuffer())
    return [*notes, f'{len(weights)} weights are in {out}.']
