"""Builds networks from untrusted descriptions without side effects.

A description names registered parts and their options. Many options of parts read
checkpoints or import modules, so filtering options by name is not sufficient. Instead,
the effects themselves are refused while a network is built:

===================== ==============================================================
a file is opened      audit hook of the interpreter (:func:`sys.addaudithook`)
a connection is made  audit hook
a process is started  audit hook
a file is changed     audit hook
a checkpoint is read  ``CheckpointLoader.load_checkpoint`` of MMEngine, ``torch.load``
                      and ``torch.jit.load``, which read in C++
a name is imported    ``Registry.get`` of MMEngine, which imports the module in a name
===================== ==============================================================

The guards are installed at first use and have no effect outside :func:`isolated`.
"""

import functools
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import torch
from mmaction.registry import MODELS, TRANSFORMS
from mmengine.registry import Registry
from mmengine.runner import CheckpointLoader

from ...utils.registered import is_registered

#: Prefixes of the refused audit events with their actions.
#: https://docs.python.org/3/library/audit_events.html
_REFUSED = {
    'open': 'open a file',
    'os': 'use the operating system',
    'shutil': 'change files',
    'tempfile': 'write a file',
    'mmap': 'map a file',
    'ctypes': 'load a library',
    'pickle': 'unpickle an object',
    'subprocess': 'start a process',
    'pty': 'start a process',
    '_thread': 'start a thread',
    'socket': 'connect to another machine',
    'urllib': 'connect to another machine',
    'http': 'connect to another machine',
    'ftplib': 'connect to another machine',
    'smtplib': 'connect to another machine',
    'sqlite3': 'open a database',
    'winreg': 'use the registry of Windows',
    'webbrowser': 'open a browser',
}
#: Files that Python reads to import a module on its path.
_MODULES = ('.py', '.pyc', '.so', '.pyd')
_HARMLESS = ('os.listdir', 'os.scandir', 'os.add_dll_directory')


class IsolationError(ValueError):
    """A description requests an action that is refused while a network is built."""


class _Isolation:
    """State of one :func:`isolated` block."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.violation = ''

    def refuse(self, action: str) -> IsolationError:
        """Record a violation, also in case its error is caught."""
        self.violation = self.violation or (
            f"'{self.source}' asks for a network that would {action} while it is "
            'built, which a model file must not. If you trust its source, use it with '
            'its config.'
        )
        return IsolationError(self.violation)


_current: ContextVar[_Isolation | None] = ContextVar('isolation', default=None)
_installing = threading.Lock()
_installed = False


@contextmanager
def isolated(source: object) -> Iterator[None]:
    """Refuse side effects in the block.

    Other threads and asynchronous tasks are not affected.

    Args:
        source: File that the description is from, for messages.

    Raises:
        IsolationError: If the block attempts one of the actions in the table above,
            even if it catches the error.
    """
    for registry in (MODELS, TRANSFORMS):
        registry.import_from_location()  # the modules that register MMAction2's parts
    _install()
    isolation = _Isolation(str(source))
    token = _current.set(isolation)
    try:
        yield
    except Exception as error:
        if isolation.violation:
            raise IsolationError(isolation.violation) from error
        raise
    finally:
        _current.reset(token)
    if isolation.violation:
        raise IsolationError(isolation.violation)


def _install() -> None:
    global _installed
    with _installing:
        if _installed:
            return
        original = CheckpointLoader.load_checkpoint.__func__
        CheckpointLoader.load_checkpoint = classmethod(_refusing_load(original))
        torch.load = _refusing_load(torch.load)
        torch.jit.load = _refusing_load(torch.jit.load)
        Registry.get = _registered_only(Registry.get)
        sys.addaudithook(_audit)
        _installed = True


def _audit(event: str, arguments: tuple) -> None:
    isolation = _current.get()
    if isolation is None or event in _HARMLESS:
        return
    action = _REFUSED.get(event.partition('.')[0])
    if action is None or (event == 'open' and _reads_module(*arguments)):
        return
    raise isolation.refuse(action)


def _reads_module(path: Any, mode: Any, flags: int) -> bool:
    reads = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC) == 0
    return reads and isinstance(path, (str, bytes)) and os.fsdecode(path).endswith(
        _MODULES
    )  # fmt: skip


def _refusing_load(load: Callable) -> Callable:
    @functools.wraps(load)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if (isolation := _current.get()) is not None:
            raise isolation.refuse('load a checkpoint')
        return load(*args, **kwargs)

    return guarded


def _registered_only(get: Callable) -> Callable:
    @functools.wraps(get)
    def guarded(registry: Registry, key: Any) -> Any:
        isolation = _current.get()
        if isolation is not None and not is_registered(key, registry):
            raise not_registered(isolation.source, key)
        return get(registry, key)

    return guarded


def not_registered(source: object, kind: object) -> IsolationError:
    """Create the error about a part that is not registered."""
    return IsolationError(
        f"'{source}' asks for the network part {kind!r}, which is not registered here. "
        'If it belongs to another package, import that first, or use the file with its '
        'config.'
    )
