"""Reading configs."""

from pathlib import Path

from mmengine.config import Config

from .error_sentences import error_sentence


def load_config(path: str | Path) -> Config:
    """Read a config as ``Config.fromfile`` does; each error names the file.

    Args:
        path (str | Path): A config in Python.

    Returns:
        Config: With what its ``_base_`` says merged in.

    Raises:
        ValueError: If it is no file in UTF-8, has a syntax error, or fails while it is
            executed.
        ImportError: If a module of its ``custom_imports`` cannot be imported.
        OSError: If it cannot be opened.
    """
    if Path(path).is_dir():
        raise IsADirectoryError(f"'{path}' is a folder, expected a config file")
    try:
        return Config.fromfile(path)
    except (OSError, ImportError):
        raise
    except Exception as error:
        reason = error_sentence(error)
        if isinstance(error, (NameError, TypeError, AttributeError, KeyError)):
            reason = f'{type(error).__name__}: {error}'
        raise ValueError(f"the config '{path}' cannot be read: {reason}") from error
