"""Reading of configs."""

import os
from pathlib import Path

from mmengine.config import Config

from .error_sentences import error_sentence


def load_config(path: str | Path, *needed: str) -> Config:
    """Read a config as ``Config.fromfile`` does; each error names the file.

    Args:
        path (str | Path): A config in Python.
        *needed (str): Names that it must set, such as ``'model'``.

    Returns:
        Config: The config with its ``_base_``.

    Raises:
        ValueError: If it is not UTF-8, has a syntax error, fails when executed, or
            lacks a name.
        ImportError: If a module of its ``custom_imports`` cannot be imported.
        OSError: If it cannot be opened.
    """
    if Path(path).is_dir():
        raise IsADirectoryError(f"'{path}' is a folder, expected a config file")
    if not Path(path).exists():
        raise FileNotFoundError(f"there is no config '{path}'")
    try:
        config = Config.fromfile(path)
    except (OSError, ImportError):
        raise
    except Exception as error:
        raise ValueError(
            f"the config '{path}' cannot be read: {_reason(error)}"
        ) from error
    if lacking := [name for name in needed if config.get(name) is None]:
        raise ValueError(
            f"the config '{path}' does not set "
            + ', '.join(f'`{name}`' for name in lacking)
        )
    return config


def _reason(error: Exception) -> str:
    if isinstance(error, NameError):
        # MMEngine inserts the values of environment variables into the text.
        names = [n for n, value in os.environ.items() if value == error.name]
        if names:
            return f'{names[0]} is {error.name!r}, expected a number'
    if isinstance(error, (NameError, TypeError, AttributeError, KeyError)):
        return f'{type(error).__name__}: {error}'
    # MMEngine parses the text without the file name.
    return error_sentence(error).replace('(<unknown>, line', '(line')
