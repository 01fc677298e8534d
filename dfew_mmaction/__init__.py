"""Dynamic facial expression recognition for MMAction2.

Importing the package registers its data sets, transforms, models, losses, metrics
and hooks in MMAction2's registries. In a config::

    custom_imports = dict(imports=['dfew_mmaction'])

Without torch nothing is registered. Parts that do not need torch still work:
``dfew_mmaction.inference`` with an exported network, ``extraction`` and
``annotations``.
"""

import sys

from .utils.torch_available import is_torch_available
from .version import __version__

__all__ = ['__version__']


def _register() -> None:
    from . import compat

    compat.apply()

    from . import datasets, engine, evaluation, models  # noqa: F401


# `python -m dfew_mmaction doctor` must start even if the registration fails, since it
# reports why. At this point of `python -m` the first argument is '-m'.
if is_torch_available() and sys.argv[:2] != ['-m', 'doctor']:
    _register()
