"""Optional dependencies."""

import importlib.util


def check_installed(purpose: str, extra: str, *modules: str) -> None:
    """Check that optional dependencies are installed.

    Args:
        purpose (str): Subject of the message: what needs the modules.
        extra (str): Extra of this package that installs them.
        *modules (str): Names of the modules.

    Raises:
        ImportError: If one is not installed, with the command to install it.
    """
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    if missing:
        raise ImportError(
            f'{purpose} needs {", ".join(missing)}: '
            f"`pip install '.[{extra}]'` in the folder of the project"
        )
