"""Dynamic facial expression recognition for MMAction2.

Importing the package registers its data sets, transforms, models, losses, metrics
and hooks in MMAction2's registries. In a config::

    custom_imports = dict(imports=['dfew_mmaction'])
"""

from . import compat

compat.apply()

from . import datasets, engine, evaluation, models  # noqa: E402, F401
from .version import __version__  # noqa: E402

__all__ = ['__version__']
