"""Whether torch is installed; part of the package works without it."""


def is_torch_available() -> bool:
    """Whether torch is installed.

    Raises:
        ImportError: If torch is installed but cannot be imported.
    """
    try:
        import torch  # noqa: F401
    except ModuleNotFoundError as error:
        if error.name != 'torch':
            raise
        return False
    return True
