"""Common functions of the scripts in ``tools``."""

import argparse
import io
import math
import os
import re
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
#: Greatest whole number of an option: that of seeds.
MAX_WHOLE = 2**32 - 1


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


def shorten_interrupts(*folders: Path) -> None:
    """Replace the traceback of Ctrl-C while a script still imports its libraries.

    Other programs that import this package are left alone.

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


def whole_number(least: int, most: int = MAX_WHOLE) -> Callable[[str], int]:
    """Make an argparse ``type`` that reads a whole number of a range.

    Examples:
        >>> whole_number(1)('12')
        12
    """

    def read(text: str) -> int:
        digits = re.fullmatch(r'\s*[+-]?[0-9]{1,12}\s*', text)
        if not digits or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(
                f'expected a whole number from {least} to {most}, got {text!r}'
            )
        return int(text)

    return read


def share(text: str) -> float:
    """Read a number from 0 to 1 from a command line; an argparse ``type``."""
    number = _number(text)
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(f'expected a number from 0 to 1, got {text!r}')
    return number


def positive_number(text: str) -> float:
    """Read a finite number above 0 from a command line; an argparse ``type``."""
    number = _number(text)
    if not (math.isfinite(number) and number > 0):
        raise argparse.ArgumentTypeError(f'expected a number above 0, got {text!r}')
    return number


def non_negative_number(text: str) -> float:
    """Read a finite number of at least 0 from a command line; an argparse ``type``."""
    number = _number(text)
    if not (math.isfinite(number) and number >= 0):
        raise argparse.ArgumentTypeError(
            f'expected a number of at least 0, got {text!r}'
        )
    return number


def margin(text: str) -> float:
    """Read a margin around the face, above -0.5, from a command line; a ``type``."""
    number = _number(text)
    if not (math.isfinite(number) and number > -0.5):
        raise argparse.ArgumentTypeError(f'expected a number above -0.5, got {text!r}')
    return number


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


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
