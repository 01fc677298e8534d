"""Dynamic facial expression recognition for MMAction2.

Importing the package registers its data sets, transforms, models, losses, metrics
and hooks in MMAction2's registries. In a config::

    custom_imports = dict(imports=['dfew_mmaction'])

Without torch there is nothing to register. What needs none can be used: an exported
network by ``dfew_mmaction.inference``, ``extraction``, ``annotations``.
"""

import sys

from .utils.torch_available import is_torch_available
from .version import __version__

__all__ = ['__version__']


def _register() -> None:
    from . import compat

    compat.apply()

    from . import datasets, engine, evaluation, models  # noqa: F401


# `python -m dfew_mmaction doctor` has to start where the registration fails: it reports
# why. At this point of `python -m` the first argument reads '-m'.
if is_torch_available() and sys.argv[:2] != ['-m', 'doctor']:
    _register()
