"""Reading checkpoints by ``weights_only`` and without executing what they hold."""

import errno
import functools
import pickle
import re
import urllib.error
from collections.abc import Callable
from typing import Any


def _known_attributes() -> dict:
    """Functions that mmengine's checkpoints look up as attributes of a class."""
    from mmengine.logging import HistoryBuffer
    from mmengine.optim.scheduler.param_scheduler import OneCycleParamScheduler

    return {
        HistoryBuffer: ('min', 'max', 'mean', 'current'),
        OneCycleParamScheduler: ('_annealing_cos', '_annealing_linear'),
    }


def _get_known_attribute(owner: Any, name: str) -> Callable:
    """Stand in for ``getattr`` in a checkpoint: the known functions, nothing else."""
    known = _known_attributes()
    if not isinstance(owner, type) or name not in known.get(owner, ()):
        raise pickle.UnpicklingError(
            f'the checkpoint asks for the attribute {name!r} of {owner!r}'
        )
    return getattr(owner, name)


def allow_mmengine_checkpoints() -> bool:
    """Let ``weights_only`` read the log history of mmengine.

    What is added to torch's allow-list builds arrays and log buffers; the class of
    ``OneCycleLR`` is added by name. ``getattr``, by which the buffer's statistics and
    that scheduler's curves are pickled, is replaced by a function that knows these
    few only.
    """
    import numpy as np
    import torch

    reduced: Any = np.ones(1).__reduce__()
    rebuild = reduced[0]
    scalar, _ = np.float64(1).__reduce__()
    # numpy 2 moved these functions; a checkpoint names them as its numpy did.
    moved = [
        (function, f'{package}.multiarray.{function.__name__}')
        for function in (rebuild, scalar)
        for package in ('numpy.core', 'numpy._core')
    ]
    kinds = {type(np.dtype(code)) for code in np.typecodes['AllInteger'] + '?efd'}
    torch.serialization.add_safe_globals(
        [
            *_known_attributes(),
            (_get_known_attribute, 'builtins.getattr'),
            np.ndarray,
            np.dtype,
            *kinds,
            *moved,
        ]
    )
    return True


def guard_checkpoint_loading() -> bool:
    """Disarm config texts, read downloads safely, explain what is wrong.

    ``Runner.resume`` and MMEngine's inferencers parse the text as a config file, which
    may import modules and evaluate expressions. Under another key the text is still
    there to read, and nothing looks for it.
    """
    from mmengine.runner import CheckpointLoader, checkpoint

    original = CheckpointLoader.load_checkpoint
    if hasattr(original, 'guarded_by_dfew'):
        return True
    checkpoint.load_url = functools.partial(checkpoint.load_url, weights_only=True)
    if hasattr(checkpoint, '_safe_torch_load'):
        # onedl-mmengine reads what weights_only refuses a second time without it.
        checkpoint._safe_torch_load = functools.partial(
            checkpoint._safe_torch_load, weights_only=True
        )

    @functools.wraps(original.__func__)
    def load(cls: type, filename: str, *args: Any, **kwargs: Any) -> Any:
        try:
            checkpoint = original.__func__(cls, filename, *args, **kwargs)
        except pickle.UnpicklingError as error:
            raise RuntimeError(_refusal(filename, error)) from error
        except urllib.error.URLError as error:
            raise RuntimeError(
                f'{filename} could not be downloaded ({error.reason}). Without a '
                'connection, download it elsewhere and give --cfg-options '
                'load_from=FILE; load_from=None begins with random weights.'
            ) from error
        except (EOFError, OSError, RuntimeError) as error:
            # That is how torch 2.13 fails on a few kilobytes of a file.
            short = isinstance(error, OSError) and error.errno == errno.EINVAL
            cut = short or isinstance(error, EOFError) or 'archive' in str(error)
            if not cut:
                raise
            reason = getattr(error, 'strerror', None) or error
            raise RuntimeError(
                f'{filename} is not a complete checkpoint ({reason}). Was '
                'it cut off while '
                'it was written or copied? The checkpoint of the epoch before lies '
                'beside it; name that one, or copy the file again.'
            ) from error
        return _disarmed(checkpoint)

    setattr(load, 'guarded_by_dfew', True)  # noqa: B010
    CheckpointLoader.load_checkpoint = classmethod(load)
    return True


def _disarmed(checkpoint: Any) -> Any:
    """Rename what MMEngine would execute: ``config``, ``cfg`` to ``config_text``."""
    if isinstance(checkpoint, dict):
        hub = checkpoint.get('message_hub')
        info = hub.get('runtime_info') if isinstance(hub, dict) else None
        for holder in (checkpoint.get('meta'), info):
            for key in ('cfg', 'config'):
                if isinstance(holder, dict) and key in holder:
                    holder['config_text'] = holder.pop(key)
    return checkpoint


def _refusal(filename: str, error: Exception) -> str:
    from torch.serialization import get_unsafe_globals_in_checkpoint

    try:
        foreign = sorted(get_unsafe_globals_in_checkpoint(filename))
    except Exception:  # a legacy or a damaged file: the first error says enough
        foreign = []
    # For the old format they are in torch's message, whose advice is not repeated.
    foreign = foreign or re.findall(
        r"GLOBAL ([\w.]+\.\w+)|asks for (the attribute '\w+')", str(error)
    )
    foreign = [name if isinstance(name, str) else ''.join(name) for name in foreign]
    if not foreign and _is_other_file(filename):
        return (
            f"'{filename}' is no checkpoint of PyTorch: name a .pth file that training "
            'or tools/publish.py wrote'
        )
    found = ', '.join(foreign) or 'other objects'
    return (
        f'{filename} was not loaded: besides tensors and plain values it asks for '
        f'{found}, which could run foreign code. Ask its author for a file with its '
        "'state_dict' alone."
    )


def _is_other_file(filename: str) -> bool:
    """Whether a local file is neither a zip nor a pickle; addresses are not."""
    try:
        with open(filename, 'rb') as file:
            return file.read(2)[:2] not in (
                b'PK',
                b'\x80\x02',
                b'\x80\x04',
                b'\x80\x05',
            )
    except OSError:
        return False
