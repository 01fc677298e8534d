"""Workarounds for the released MMAction2 stack on today's torch and numpy.

Each one tests for its own defect and does nothing on an install without it. No file of
another package is changed. ``docs/upstream.md`` gives the smallest reproduction of each
defect and the change that would fix it upstream.
"""

import importlib
import importlib.util
import warnings

from .checkpoints import allow_mmengine_checkpoints, guard_checkpoint_loading
from .mmaction_import import (
    accept_newer_mmcv,
    leave_out_multimodal,
    provide_importlib_metadata,
    provide_missing_drn,
)
from .numpy2 import restore_removed_names, shift_hues_down
from .processes import let_processes_do_without_gpus
from .workaround import Workaround
from .yaml_files import load_yaml_safely

#: All workarounds, in the order in which they are applied.
WORKAROUNDS = (
    Workaround(
        'mmaction2 1.2.0 refuses mmcv 2.2 and later', 'mmaction2', accept_newer_mmcv
    ),
    Workaround(
        'the wheel lacks mmaction/models/localizers/drn, so its import fails',
        'mmaction2 #2714',
        provide_missing_drn,
    ),
    Workaround(
        'importlib_metadata is imported and not declared',
        'mmaction2',
        provide_importlib_metadata,
    ),
    Workaround(
        'the import of mmaction.models fails with transformers 5',
        'mmaction2',
        leave_out_multimodal,
    ),
    Workaround(
        'np.Inf, np.NAN, np.in1d and np.trapz are used and numpy 2 removed them',
        'mmaction2',
        restore_removed_names,
    ),
    Workaround(
        'ColorJitter overflows in uint8 arithmetic of numpy 2',
        'mmaction2',
        shift_hues_down,
    ),
    Workaround(
        'weights_only cannot read the log buffers in checkpoints',
        'mmengine #1655',
        allow_mmengine_checkpoints,
    ),
    Workaround(
        'the config text in a checkpoint is executed, and a checkpoint from an address '
        'is unpickled freely',
        'mmengine',
        guard_checkpoint_loading,
    ),
    Workaround(
        'a config or list in YAML may run code',
        'mmengine',
        load_yaml_safely,
    ),
    Workaround(
        'launchers choose a GPU where there is none',
        'mmengine',
        let_processes_do_without_gpus,
    ),
)


def apply() -> None:
    """Apply every workaround whose defect is present. Safe to call again.

    Raises:
        ImportError: If mmcv is not installed in any of its forms.
    """
    for package, remedy in (
        ('mmengine', 'pip install mmengine'),
        ('mmcv', 'pip install mmcv-lite==2.1.0'),
        ('mmaction', 'pip install mmaction2'),
    ):
        if importlib.util.find_spec(package) is None:
            raise ImportError(
                f'dfew_mmaction needs {package}, which is not installed. '
                f'`{remedy}` is enough to train, test and predict; '
                "`pip install '.[lite]'` or `pip install '.[onedl]'` in the project's "
                'folder installs a complete stack (README.md, "Install").'
            )
    # A warning of setuptools for developers of mim and mmengine, not for their users.
    warnings.filterwarnings('ignore', message='pkg_resources is deprecated')
    with warnings.catch_warnings():
        # mmcv-lite warns about an operator that is not used here.
        warnings.filterwarnings('ignore', message='Fail to import ``MultiScale')
        importlib.import_module('mmcv.cnn.bricks.transformer')
    for workaround in WORKAROUNDS:
        workaround.apply()
