"""Defects that stop ``import mmaction``."""

import importlib.metadata
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

_DRN = 'mmaction.models.localizers.drn'
#: The first mmcv version that mmaction2 1.2.0 refuses, and one that it accepts.
_REFUSED, _ACCEPTED = '2.2.0', '2.1.0'
#: What the multimodal networks of mmaction2 1.2.0 import from files of transformers.
_FROM_TRANSFORMERS = {
    'file_utils.py': ('replace_return_docstrings',),
    'modeling_utils.py': (
        'apply_chunking_to_forward',
        'find_pruneable_heads_and_indices',
        'prune_linear_layer',
    ),
    'models/beit/modeling_beit.py': (
        'BeitAttention', 'BeitDropPath', 'BeitEmbeddings', 'BeitLayer',
        'BeitRelativePositionBias',
    ),
}  # fmt: skip


def provide_missing_drn() -> bool:
    """Add a placeholder for the DRN localizer, which mmaction2's wheel lacks."""
    spec = importlib.util.find_spec('mmaction')
    if spec is None or not spec.submodule_search_locations or _DRN in sys.modules:
        return False
    localizers = Path(spec.submodule_search_locations[0], 'models', 'localizers')
    if not localizers.is_dir() or (localizers / 'drn').is_dir():
        return False

    class DRN:
        """Placeholder that raises an error when the localizer is built."""

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            raise ImportError(
                'the installed mmaction2 wheel lacks the DRN localizer '
                '(mmaction2 issue 2714); install mmaction2 from source to use it'
            )

    package, module = ModuleType(_DRN), ModuleType(f'{_DRN}.drn')
    package.__path__ = []
    vars(package)['drn'], vars(module)['DRN'] = module, DRN
    sys.modules[package.__name__] = package
    sys.modules[module.__name__] = module
    return True


def provide_importlib_metadata() -> bool:
    """Use the standard library as ``importlib_metadata``."""
    name = 'importlib_metadata'
    if name in sys.modules or importlib.util.find_spec(name) is not None:
        return False
    sys.modules[name] = importlib.metadata
    return True


def leave_out_multimodal() -> bool:
    """Leave out the multimodal networks if transformers lacks what they import.

    mmaction2 then registers placeholders for them, as without transformers. The files
    are searched, since an import of transformers takes seconds.
    """
    dependency = importlib.import_module('mmaction.utils.dependency')
    if not dependency.WITH_MULTIMODAL or 'mmaction.models.multimodal' in sys.modules:
        return False
    spec = importlib.util.find_spec('transformers')
    # Installed by its metadata only, if there is no folder.
    folders = (spec and spec.submodule_search_locations) or []
    if any(
        all(
            _has_names(Path(folder, file), ns)
            for file, ns in _FROM_TRANSFORMERS.items()
        )
        for folder in folders
    ):
        return False
    vars(dependency)['WITH_MULTIMODAL'] = False
    return True


def _has_names(path: Path, names: tuple[str, ...]) -> bool:
    if not path.is_file():
        return False
    text = path.read_text(encoding='utf-8')
    return all(name in text for name in names)


def accept_newer_mmcv() -> bool:
    """Let mmaction2 1.2.0 be imported with mmcv 2.2 and later.

    mmaction2 checks ``mmcv.__version__`` by an assertion when it is imported. The
    version is set to 2.1.0 during that import only. The maintained fork ``onedl-mmcv``
    starts at 2.3; the functions that mmaction2 calls are unchanged.
    """
    import mmcv
    from mmengine.utils import digit_version

    if 'mmaction' in sys.modules:
        return False
    version = mmcv.__version__
    if digit_version(version) < digit_version(_REFUSED):
        return False
    mmcv.__version__ = _ACCEPTED
    try:
        importlib.import_module('mmaction')
    finally:
        mmcv.__version__ = version
    return True
