"""Common functions of the scripts in ``tools``."""

import io
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .error_sentences import error_sentence, is_expected
from .text import printable

#: Environment variable; 1 shows errors with their traceback.
TRACEBACK = 'DFEW_TRACEBACK'


class Terminated(KeyboardInterrupt):
    """SIGTERM was received; the clean-up after Ctrl-C also applies."""


def exit_status(main: Callable[[], int | None], stopped: str = 'Stopped.') -> int:
    """Run a script's main function and report errors in one sentence on stderr.

    Args:
        main (Callable): Returns the exit status; None means 0.
        stopped (str): What to print after Ctrl-C or SIGTERM.

    Returns:
        int: Exit status: that of ``main``, 2 after an error, 130 after Ctrl-C, 143
        after SIGTERM and 141 if the reader of standard output has ended. With the
        environment variable ``DFEW_TRACEBACK=1``, tracebacks are shown as well.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a name may not be UTF-8
            stream.reconfigure(errors='backslashreplace')
    try:
        with _terminated_by_sigterm():
            status = main() or 0
            sys.stdout.flush()
        return status
    except KeyboardInterrupt as error:
        print(f'\n{stopped}', file=sys.stderr)
        return 143 if isinstance(error, Terminated) else 130
    except BrokenPipeError:
        _drop_output()
        return 141
    except Exception as error:
        return _report(error)


def shorten_early_errors(*folders: Path) -> None:
    """Replace tracebacks while a script still imports its libraries by a sentence.

    This applies to Ctrl-C and to missing libraries, and later to threads of worker
    processes whose parent has ended. Other programs that import this package are left
    alone.

    Args:
        *folders (Path): Folders of the scripts.
    """
    script = getattr(sys.modules.get('__main__'), '__file__', None)
    if not script or os.environ.get(TRACEBACK, '') not in ('', '0'):
        return
    place, before = Path(script).resolve(), sys.excepthook
    if not any(place.is_relative_to(folder.resolve()) for folder in folders):
        return

    def report(kind: type[BaseException], error: BaseException, trace: Any) -> None:
        if issubclass(kind, KeyboardInterrupt):
            print('\nStopped.', file=sys.stderr)
        elif isinstance(error, ImportError):
            raise SystemExit(_report(error))
        elif (
            isinstance(error, (EOFError, ConnectionError))
            and threading.current_thread() is not threading.main_thread()
        ):
            pass  # a worker's thread that passes tensors to an ended parent
        else:
            before(kind, error, trace)

    sys.excepthook = report


def _report(error: Exception) -> int:
    if wanted := os.environ.get(TRACEBACK, '') not in ('', '0'):
        traceback.print_exception(error)
    print(f'error: {printable(error_sentence(error))}', file=sys.stderr)
    if not is_expected(error) and not wanted:
        print(
            'This may be a fault of the program. To report it, repeat the command '
            f'with {TRACEBACK}=1 and send its output.',
            file=sys.stderr,
        )
    try:
        sys.stdout.flush()
    except OSError:
        _drop_output()
    return 2


def _drop_output() -> None:
    """Prevent Python's message at exit about output that cannot be written."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):  # standard output is not a file
        pass


@contextmanager
def _terminated_by_sigterm() -> Iterator[None]:
    """Raise :class:`Terminated` on SIGTERM."""

    def terminate(*_: Any) -> None:
        raise Terminated

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before or signal.SIG_DFL)
