"""Which names a registry knows."""

from typing import Any


def is_registered(kind: Any, registry: Any) -> bool:
    """Whether a registry, or one above it, has something of this plain name.

    MMEngine imports what other names say, such as ``'subprocess.Popen'``.

    Args:
        kind (Any): Said to be a name.
        registry (mmengine.registry.Registry): Where to look.
    """
    while registry is not None:
        if isinstance(kind, str) and kind in registry.module_dict:
            return True
        registry = registry.parent
    return False
