"""Optional dependencies."""

import importlib.util


def check_installed(module: str, extra: str, purpose: str) -> None:
    """Check that an optional dependency is installed.

    Args:
        module (str): Name of the module.
        extra (str): Extra of this package that installs it.
        purpose (str): Subject of the message: what needs the module.

    Raises:
        ImportError: If the module is not installed, with the command to install it.
    """
    if importlib.util.find_spec(module) is None:
        raise ImportError(
            f"{purpose} needs {module}: pip install 'dfew_mmaction[{extra}]'"
        )
