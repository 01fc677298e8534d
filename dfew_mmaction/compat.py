"""What the released MMAction2 stack lacks on today's torch.

Each mend tests for its own defect and does nothing on a sound install. All of
them work from outside: no file of another package is changed.

=====  ==============================================================  ==========
mend   defect                                                          upstream
=====  ==============================================================  ==========
1      mmaction2's wheel lacks ``mmaction/models/localizers/drn``, so  mmaction2
       ``import mmaction.models`` fails                                #2714
2      mmaction2 imports ``importlib_metadata`` without declaring it   mmaction2
3      since torch 2.6 ``torch.load`` reads tensors only, and          mmengine
       mmengine's own checkpoints hold its log buffers                 #1655
4      ``Runner.resume`` executes the config text in a checkpoint      mmengine
5      launchers choose a GPU and put the model on it where there is   mmengine
       none, so that several processes on CPUs do not start
6      a checkpoint that is given by its address is unpickled without  mmengine
       ``weights_only``, and the error without a connection says
       nothing of it
=====  ==============================================================  ==========
"""

import atexit
import errno
import functools
import importlib.metadata
import importlib.util
import pickle
import sys
import urllib.error
import warnings
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

_DRN = 'mmaction.models.localizers.drn'


def apply() -> None:
    """Apply every mend whose defect is present. Safe to call again.

    Raises:
        ImportError: If mmcv is not installed in either of its forms.
    """
    if importlib.util.find_spec('mmcv') is None:
        raise ImportError(
            'dfew_mmaction needs mmcv, which was not found. '
            '`pip install mmcv-lite==2.1.0` is enough to train, test and predict; '
            'MMDetection also needs the operators of the full `mmcv`.'
        )
    with warnings.catch_warnings():
        # mmcv-lite warns of an operator that nothing here uses, once, on import.
        warnings.filterwarnings('ignore', message='Fail to import ``MultiScale')
        importlib.import_module('mmcv.cnn.bricks.transformer')
    provide_missing_drn()
    provide_importlib_metadata()
    allow_mmengine_checkpoints()
    guard_checkpoint_loading()
    let_processes_do_without_gpus()


def provide_missing_drn() -> None:
    """Stand in for the DRN localizer where the wheel left it out (mend 1)."""
    spec = importlib.util.find_spec('mmaction')
    if spec is None or not spec.submodule_search_locations or _DRN in sys.modules:
        return
    localizers = Path(spec.submodule_search_locations[0], 'models', 'localizers')
    if not localizers.is_dir() or (localizers / 'drn').is_dir():
        return

    class DRN:
        """Placeholder: tells why the localizer is not there when it is built."""

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            raise ImportError(
                'the installed mmaction2 wheel lacks the DRN localizer '
                '(mmaction2 issue 2714); install mmaction2 from source to use it'
            )

    package, module = ModuleType(_DRN), ModuleType(f'{_DRN}.drn')
    package.__path__ = []
    package.drn, module.DRN = module, DRN
    sys.modules[package.__name__] = package
    sys.modules[module.__name__] = module


def provide_importlib_metadata() -> None:
    """Let the standard library serve as ``importlib_metadata`` (mend 2)."""
    name = 'importlib_metadata'
    if name not in sys.modules and importlib.util.find_spec(name) is None:
        sys.modules[name] = importlib.metadata


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


def allow_mmengine_checkpoints() -> None:
    """Let ``weights_only`` read the log history of mmengine (mend 3).

    What is added to torch's allow-list builds arrays and log buffers; the class of
    ``OneCycleLR`` is added by name. ``getattr``, by which the buffer's statistics and
    that scheduler's curves are pickled, is replaced by a function that knows these
    few only.
    """
    import numpy as np
    import torch

    rebuild, _ = np.ones(1).__reduce__()[:2]
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


def guard_checkpoint_loading() -> None:
    """Disarm config texts, read downloads safely, say what is wrong (mends 4 and 6).

    ``Runner.resume`` and MMEngine's inferencers parse the text as a config file, which
    may import modules and evaluate expressions. Under another key the text is still
    there to read, and nothing looks for it.
    """
    from mmengine.runner import CheckpointLoader, checkpoint

    original = CheckpointLoader.load_checkpoint
    if hasattr(original, 'guarded_by_dfew'):
        return
    checkpoint.load_url = functools.partial(checkpoint.load_url, weights_only=True)

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
            raise RuntimeError(
                f'{filename} is not a whole checkpoint ({error}). Was it cut off while '
                'it was written or copied? The checkpoint of the epoch before lies '
                'beside it; name that one, or copy the file again.'
            ) from error
        return _disarmed(checkpoint)

    load.guarded_by_dfew = True
    CheckpointLoader.load_checkpoint = classmethod(load)


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
    found = ', '.join(foreign) or str(error).splitlines()[0]
    return (
        f'{filename} was not loaded: besides tensors and plain values it asks for '
        f'{found}, which could run foreign code. If you trust its source, load it in a '
        "session of your own and save its 'state_dict' alone."
    )


def let_processes_do_without_gpus() -> None:
    """Let ``--launcher`` start processes on CPUs, which then speak by gloo (mend 5).

    MMEngine's launchers choose a GPU and ask for nccl, and its runner tells
    ``DistributedDataParallel`` which GPU the model is on. Where there is one, or
    another accelerator, all of it is left as it is.
    """
    from mmengine.dist import utils
    from mmengine.model import MMDistributedDataParallel

    for name in ('_init_dist_pytorch', '_init_dist_slurm', '_init_dist_mpi'):
        launch = getattr(utils, name, None)
        if launch is not None and not hasattr(launch, 'mended_by_dfew'):
            setattr(utils, name, _launch_without_gpus(launch))

    original = MMDistributedDataParallel.__init__
    if hasattr(original, 'mended_by_dfew'):
        return

    @functools.wraps(original)
    def init(self: Any, module: Any, *args: Any, **kwargs: Any) -> None:
        if all(p.device.type == 'cpu' for p in module.parameters()):
            kwargs['device_ids'] = None
        original(self, module, *args, **kwargs)

    init.mended_by_dfew = True
    MMDistributedDataParallel.__init__ = init


def _launch_without_gpus(launch: Callable) -> Callable:
    import torch
    from mmengine import device

    @functools.wraps(launch)
    def mended(backend: str, **kwargs: Any) -> None:
        if device.get_device() != 'cpu':
            return launch(backend, **kwargs)
        set_device = torch.cuda.set_device
        torch.cuda.set_device = lambda device: None
        # Threads of gloo that are there at the end abort the process now and then.
        atexit.register(_leave_processes)
        try:
            return launch('gloo' if backend == 'nccl' else backend, **kwargs)
        finally:
            torch.cuda.set_device = set_device

    mended.mended_by_dfew = True
    return mended


def _leave_processes() -> None:
    from torch import distributed

    if distributed.is_initialized():
        distributed.destroy_process_group()
