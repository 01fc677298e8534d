"""Dynamic facial expression recognition for MMAction2.

Importing the package registers its data sets, transforms, models, losses, metrics
and hooks in MMAction2's registries. In a config::

    custom_imports = dict(imports=['dfew_mmaction'])

Without torch there is nothing to register. What needs none can be used: an exported
network by ``dfew_mmaction.inference``, ``extraction``, ``annotations``.
"""

from .utils.torch_available import is_torch_available
from .version import __version__

if is_torch_available():
    from . import compat

    compat.apply()

    from . import datasets, engine, evaluation, models  # noqa: F401

__all__ = ['__version__']
