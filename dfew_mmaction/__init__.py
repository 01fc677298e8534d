"""Dynamic facial expression recognition for MMAction2.

Importing the package registers its data sets, transforms, models, losses, metrics
and hooks in MMAction2's registries. In a config::

    custom_imports = dict(imports=['dfew_mmaction'])

Without torch there is nothing to register. What needs none can be used: an exported
network by ``dfew_mmaction.apis.inference``, ``preprocessing``, ``annotations``.
"""

from .utils.torch_there import torch_is_there
from .version import __version__

if torch_is_there():
    from . import compat

    compat.apply()

    from . import datasets, engine, evaluation, models  # noqa: F401

__all__ = ['__version__']
