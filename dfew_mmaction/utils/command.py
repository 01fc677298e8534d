"""What the scripts in ``tools`` have in common."""

import sys
from collections.abc import Callable
from pathlib import Path


def exit_status(main: Callable[[], int]) -> int:
    """Run a script's main function; errors of its user are a sentence, no traceback.

    Args:
        main (Callable): Returns the exit status.

    Returns:
        int: That of ``main``, 2 after an error in what was given to it, 130 after
        Ctrl-C.
    """
    try:
        return main()
    except KeyboardInterrupt:
        print('\nStopped.', file=sys.stderr)
        return 130
    except (ImportError, OSError, RuntimeError, ValueError) as error:
        print(f'error: {error}', file=sys.stderr)
        return 2


def named_option(text: str) -> tuple[str, int | float | str]:
    """Read ``NAME=VALUE`` from a command line; numbers become numbers, paths absolute.

    Raises:
        ValueError: If there is no equals sign.

    Examples:
        >>> named_option('min_face=40')
        ('min_face', 40)
    """
    name, equals, value = text.partition('=')
    if not equals:
        raise ValueError(f'detector options are NAME=VALUE, got {text!r}')
    for kind in (int, float):
        try:
            return name, kind(value)
        except ValueError:
            pass
    # Processes on other nodes have another working directory.
    return name, str(Path(value).absolute()) if Path(value).exists() else value
