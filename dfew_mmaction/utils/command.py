"""What the scripts in ``tools`` have in common."""

import sys
from typing import Callable


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
