"""Errors as one sentence for the command line."""

import errno
import os
import re
import traceback
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_BY_NUMBER = {
    errno.ENOENT: '{} does not exist',
    errno.EACCES: 'no permission to read or write {}',
    errno.EPERM: 'no permission to read or write {}',
    errno.EISDIR: '{} is a folder, expected a file',
    errno.ENOTDIR: '{} or a part of its path is a file, expected a folder',
    errno.EEXIST: '{} exists already',
    errno.ENOTEMPTY: '{} is a folder that is not empty',
    errno.ENOSPC: 'the disk is full, {} could not be written: free some space',
    errno.EDQUOT: 'the disk quota is used up, {} could not be written',
    errno.EFBIG: '{} would exceed the largest size of a file here (`ulimit -f`)',
    errno.EROFS: '{} is on a read-only file system',
    errno.ENAMETOOLONG: 'the name {} is too long',
    errno.EMFILE: 'too many open files: raise the limit (`ulimit -n 4096`) or use '
    'fewer workers',
    errno.EADDRINUSE: 'another program listens on this port: choose another one',
}
# Messages of libraries for common mistakes, and their replacements.
_BY_TEXT = [
    (
        r'persistent_workers option needs num_workers > 0',
        '`num_workers=0` needs `persistent_workers=False` in the same data loader',
    ),
    (
        r'meta information of the \d+-th dataset does not match'
        r'|The type .* of \w+ in the \d+-th dataset should be',
        'the data sets of a ConcatDataset differ in name, fold or frames. If they have '
        "the same classes, give it ignore_keys=['dataset', 'fold', 'source']",
    ),
    (
        r'NVIDIA driver|CUDA GPUs|compiled with CUDA|invalid device ordinal'
        r'|device type at start of device string|Invalid device string',
        'the device cannot be used ({}); `cpu` works everywhere',
    ),
    (
        r'PytorchStreamWriter|unexpected pos \d+ vs',
        'the checkpoint could not be written. Is the disk full?',
    ),
    (
        r'is not in the .* registry',
        '{}; check its spelling, and that `custom_imports` of the config names the '
        'package that registers it',
    ),
]
# Packages without which the parts of this one that need no torch still work.
_STACK = ('torch', 'mmengine', 'mmcv', 'mmaction')
_MISSING = (
    "'{}' is not installed, which this command needs: `python -m dfew_mmaction doctor` "
    'lists what is missing for which job, and how to install it'
)
# Errors by which mistakes of users are reported; others are probably faults of the
# program.
_EXPECTED = (
    OSError, ValueError, ImportError, SyntaxError, MemoryError, zipfile.BadZipFile,
    EOFError,
)  # fmt: skip


def is_expected(error: BaseException) -> bool:
    """Whether an error is a kind by which mistakes of the user are reported.

    ``RuntimeError`` counts as one, its subclasses such as ``RecursionError`` do not.
    """
    named = type(error).__module__.startswith('dfew_mmaction')
    text = any(re.search(pattern, str(error)) for pattern, _ in _BY_TEXT)
    expected = isinstance(error, _EXPECTED) or type(error) is RuntimeError
    return expected or named or text


def error_sentence(error: BaseException) -> str:
    """Describe an error without its class, its number or a traceback.

    Args:
        error (BaseException): The error. The traceback in the message of an error in a
            ``DataLoader`` worker is removed.

    Returns:
        str: One sentence, or the lines of a longer message.
    """
    if isinstance(error, OSError) and error.errno in _BY_NUMBER:
        return _of_system(error)
    if isinstance(error, UnicodeDecodeError):
        return (
            f'a text file is not encoded as {error.encoding} (byte '
            f'0x{error.object[error.start]:02x} at position {error.start})'
        )
    if isinstance(error, ModuleNotFoundError) and error.name in _STACK:
        return _MISSING.format(error.name)
    if isinstance(error, MemoryError):
        return f'not enough memory ({error})' if str(error) else (
            'not enough memory'
        )  # fmt: skip
    text = _without_traceback(_message(error))
    for pattern, words in _BY_TEXT:
        if re.search(pattern, text):
            return words.format(re.split(r'[.!]?(?:\n|$|\. )', text.strip())[0])
    if not text:
        return _place(error)
    return text if is_expected(error) else f'{type(error).__name__}: {text}'


def _place(error: BaseException) -> str:
    """Name an error without a message, such as of ``assert``, by its line of code."""
    frames = traceback.extract_tb(error.__traceback__)
    name = type(error).__name__
    if not frames:
        return name
    place = frames[-1]
    return (
        f'{name} at `{place.line}` ({Path(place.filename).name}, line {place.lineno})'
    )


def _of_system(error: OSError) -> str:
    names = [n for n in (error.filename, error.filename2) if n is not None]
    # Numbers are file descriptors.
    named = f"'{os.fsdecode(names[0])}'" if names and not isinstance(
        names[0], int) else 'a file'  # fmt: skip
    return _BY_NUMBER[error.errno or 0].format(named)


def _message(error: BaseException) -> str:
    # A KeyError shows its message as a Python literal.
    if isinstance(error, KeyError) and error.args and isinstance(error.args[0], str):
        return error.args[0]
    return re.sub(r'^\[Errno \d+\] ', '', str(error))


def _without_traceback(text: str) -> str:
    """Extract the message of an error from a traceback in a message."""
    _, found, trace = text.rpartition('Traceback (most recent call last):\n')
    if not found:
        return text
    lines = trace.splitlines()
    last = max((i for i, line in enumerate(lines) if line[:2] == '  '), default=-1)
    rest = '\n'.join(lines[last + 1 :])
    return re.sub(r'^[\w.]+: ', '', rest)


@contextmanager
def reading(path: str | Path, what: str) -> Iterator[None]:
    """Name the file in each error that reading it raises.

    Args:
        path (str | Path): The file that the block reads.
        what (str): What it must be, such as ``'predictions file (CSV)'``.

    Raises:
        ValueError: If the content cannot be parsed: it is empty, truncated, binary, of
            another encoding or another format.
        OSError: If the file cannot be opened, with its name.
    """
    try:
        yield
    except OSError as error:
        if error.errno is None:  # raised by a parser, not by the system
            raise ValueError(f"'{path}' is no {what} ({error})") from error
        if error.filename is None:
            error.filename = str(path)
        raise
    except UnicodeDecodeError as error:
        raise ValueError(
            f"'{path}' is no {what}: {error_sentence(error)}. Save it as UTF-8"
        ) from error
    except (ValueError, EOFError, KeyError, zipfile.BadZipFile) as error:
        if f"'{path}'" in str(error) or f'{path},' in str(error):
            raise
        reason = ' '.join(_message(error).split()) or type(error).__name__
        raise ValueError(f"'{path}' is no {what} ({reason})") from error
