"""Reading checkpoints by ``weights_only`` and without executing their content."""

import errno
import functools
import pickle
import re
import urllib.error
from collections.abc import Callable
from typing import Any


def _known_attributes() -> dict:
    """Methods that mmengine's checkpoints request by ``getattr``."""
    from mmengine.logging import HistoryBuffer
    from mmengine.optim.scheduler.param_scheduler import OneCycleParamScheduler

    return {
        HistoryBuffer: ('min', 'max', 'mean', 'current'),
        OneCycleParamScheduler: ('_annealing_cos', '_annealing_linear'),
    }


def _get_known_attribute(owner: Any, name: str) -> Callable:
    """Replace ``getattr`` in a checkpoint; returns the known functions only."""
    known = _known_attributes()
    if not isinstance(owner, type) or name not in known.get(owner, ()):
        raise pickle.UnpicklingError(
            f'the checkpoint asks for the attribute {name!r} of {owner!r}'
        )
    return getattr(owner, name)


def allow_mmengine_checkpoints() -> bool:
    """Let ``weights_only`` read the log history of mmengine.

    The additions to torch's allow-list build arrays and log buffers; the class of
    ``OneCycleLR`` is added by name. ``getattr``, by which the statistics of the buffers
    and the curves of that scheduler are pickled, is replaced by a function that accepts
    only these.
    """
    import numpy as np
    import torch

    reduced: Any = np.ones(1).__reduce__()
    rebuild = reduced[0]
    scalar, _ = np.float64(1).__reduce__()
    # numpy 2 moved these functions; checkpoints contain their old or new names.
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
    """Load checkpoints without executing config texts, and explain errors.

    ``Runner.resume`` and MMEngine's inferencers parse the text as a config file, which
    can import modules and evaluate expressions. The text is stored under another key,
    which they do not read.
    """
    from mmengine.runner import CheckpointLoader, checkpoint

    original = CheckpointLoader.load_checkpoint
    if hasattr(original, 'guarded_by_dfew'):
        return True
    checkpoint.load_url = functools.partial(checkpoint.load_url, weights_only=True)
    if hasattr(checkpoint, '_safe_torch_load'):
        # onedl-mmengine reads a file that weights_only refuses again without it.
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
                'load_from=FILE; load_from=None starts from random weights.'
            ) from error
        except (EOFError, OSError, RuntimeError) as error:
            # The error of torch 2.13 for a file of which only a few kilobytes exist.
            short = isinstance(error, OSError) and error.errno == errno.EINVAL
            cut = short or isinstance(error, EOFError) or 'archive' in str(error)
            if not cut:
                raise
            reason = getattr(error, 'strerror', None) or error
            raise RuntimeError(
                f'{filename} is not a complete checkpoint ({reason}). It may have been '
                'truncated while it was written or copied: copy it again, or use the '
                'checkpoint of the previous epoch in the same folder.'
            ) from error
        _check_parts(filename, checkpoint)
        return _disarmed(checkpoint)

    setattr(load, 'guarded_by_dfew', True)  # noqa: B010
    CheckpointLoader.load_checkpoint = classmethod(load)
    return True


#: Types of the parts of a checkpoint that MMEngine and the hooks of this plugin read.
_PARTS: dict[tuple[str, ...], Any] = {
    ('state_dict',): dict, ('meta',): dict, ('message_hub',): dict,
    ('message_hub', 'runtime_info'): dict, ('meta', 'dataset_meta'): dict,
    ('meta', 'dataset_meta', 'classes'): (list, tuple),
}  # fmt: skip


def _check_parts(filename: str, checkpoint: Any) -> None:
    """Refuse a checkpoint whose parts are of other types, if it has them."""
    for keys, kinds in _PARTS.items():
        part = checkpoint
        for key in keys:
            part = part.get(key) if isinstance(part, dict) else None
        if part is not None and not isinstance(part, kinds):
            raise ValueError(
                f"'{filename}' is not a checkpoint of MMEngine: its {'.'.join(keys)} "
                f'is of type {type(part).__name__}'
            )


def _disarmed(checkpoint: Any) -> Any:
    """Rename the keys ``config`` and ``cfg``, which MMEngine executes, to
    ``config_text``.
    """
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
    except Exception:  # a legacy or damaged file: the first error is sufficient
        foreign = []
    # In the old format, torch's message contains the names.
    foreign = foreign or re.findall(
        r"GLOBAL ([\w.]+\.\w+)|asks for (the attribute '\w+')", str(error)
    )
    foreign = [name if isinstance(name, str) else ''.join(name) for name in foreign]
    if not foreign and _is_other_file(filename):
        return (
            f"'{filename}' is not a checkpoint of PyTorch: expected a .pth file by a "
            'training or by tools/publish.py'
        )
    found = ', '.join(foreign) or 'other objects'
    return (
        f'{filename} was not loaded: besides tensors and plain values it asks for '
        f'{found}, which could run foreign code. Ask its author for a file with its '
        "'state_dict' alone."
    )


def _is_other_file(filename: str) -> bool:
    """Whether a path is a local file that is neither a zip nor a pickle."""
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
