"""Whether there is torch, without which only a part of the package works."""


def is_torch_available() -> bool:
    """True where torch can be imported, False where it is not installed.

    Raises:
        ImportError: If it is installed and broken.
    """
    try:
        import torch  # noqa: F401
    except ModuleNotFoundError as error:
        if error.name != 'torch':
            raise
        return False
    return True
