"""Names in registries."""

import warnings
from typing import Any


def is_registered(kind: Any, registry: Any) -> bool:
    """Whether a registry or one of its parents contains this plain name.

    MMEngine imports any other name, such as ``'subprocess.Popen'``.

    Args:
        kind (Any): ``type`` in a config.
        registry (mmengine.registry.Registry): The registry to search first.
    """
    while registry is not None:
        if isinstance(kind, str) and kind in registry.module_dict:
            return True
        registry = registry.parent
    return False


def register_alias(registry: Any, old: str, cls: type) -> None:
    """Keep the old registered name of a class for one release.

    Building the class by its old name emits a ``DeprecationWarning``.

    Args:
        registry (mmengine.registry.Registry): The registry of the class.
        old (str): Its former name.
        cls (type): The class with its current name.
    """

    def build(*args: Any, **kwargs: Any) -> Any:
        warnings.warn(
            f"The registered name '{old}' is now '{cls.__name__}'; the old name will "
            'be removed in version 0.3.',
            DeprecationWarning,
            stacklevel=2,
        )
        return cls(*args, **kwargs)

    registry.register_module(name=old, module=build)
