"""Dynamic facial expression recognition for MMAction2.

Importing the package registers its data sets, transforms, models, losses, metrics
and hooks in MMAction2's registries. In a config::

    custom_imports = dict(imports=['dfew_mmaction'])

Without torch nothing is registered. Parts that do not need torch still work:
``dfew_mmaction.inference`` with an exported network, ``extraction`` and
``annotations``.
"""

import sys
from pathlib import Path

from .utils.command import shorten_early_errors
from .utils.torch_available import is_torch_available
from .version import __version__

__all__ = ['__version__']


def _register() -> None:
    from . import compat

    compat.apply()

    from . import datasets, engine, evaluation, models  # noqa: F401


def _is_command() -> bool:
    """Whether this is ``python -m dfew_mmaction``, in which the first argument is '-m'.

    It prints a folder, or reports why the registration fails.
    """
    words = sys.orig_argv
    return sys.argv[:1] == ['-m'] and ('-m', __name__) in zip(words, words[1:])


_HOME = Path(__file__).parent
shorten_early_errors(_HOME / '.mim' / 'tools', _HOME.parent / 'tools')
if is_torch_available() and not _is_command():
    _register()
