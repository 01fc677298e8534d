"""ONNX files: their checksum, and a session with bounded memory; needs no torch."""

import functools
import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

#: Name of the checksum in ``metadata_props`` of an ONNX file.
CHECKSUM = 'dfew_mmaction_sha256'
#: Stands for the checksum while it is computed.
NO_CHECKSUM = '0' * 64
#: The entry of ``metadata_props`` up to its value, as Protocol Buffers encode it:
#: field 1 of 20 bytes, field 2 of 64 bytes.
_ENTRY = b'\x0a\x14' + CHECKSUM.encode() + b'\x12\x40'
#: Bytes that a graph may always take, also if the memory of the machine is unknown.
_MIN_MEMORY = 4 * 2**30


def add_checksum(path: str | Path) -> None:
    """Store the SHA-256 of a complete ONNX file in its metadata.

    The file has the entry :data:`CHECKSUM` with the value :data:`NO_CHECKSUM`, by which
    the checksum is computed.

    Args:
        path (str | Path): The file, which is changed in place.

    Raises:
        ValueError: If it has no such entry.
    """
    content = Path(path).read_bytes()
    place = _place(content)
    if not place or content[place : place + 64] != NO_CHECKSUM.encode():
        raise ValueError(f"'{path}' has no place for a checksum")
    with open(path, 'rb+') as file:
        file.seek(place)
        file.write(hashlib.sha256(content).hexdigest().encode())


def read_onnx(path: str | Path) -> bytes:
    """Read an ONNX file and compare it with its checksum, if it has one.

    Raises:
        OSError: If it cannot be read.
        ValueError: If it has other bytes than were written.
    """
    content = Path(path).read_bytes()
    if place := _place(content):
        found = hashlib.sha256(content[:place])
        found.update(NO_CHECKSUM.encode())
        found.update(memoryview(content)[place + 64 :])
        if content[place : place + 64] != found.hexdigest().encode():
            raise ValueError(
                f"'{path}' is damaged or was changed after the export: its bytes do "
                'not match its SHA-256. Copy or export it again'
            )
    return content


def open_session(content: bytes, threads: int | None = None) -> Any:
    """Open a graph in ONNX Runtime, on the processor.

    The graph may take half of the machine's memory, and no other file is opened for it.

    Args:
        content (bytes): Content of the file.
        threads (int, optional): Threads. Defaults to None: one per core.

    Returns:
        onnxruntime.InferenceSession: The session; its errors, also those about memory,
        have no common class but :class:`Exception`.
    """
    import onnxruntime

    _bound_memory()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4  # its errors are raised as well
    options.intra_op_num_threads = threads or 0
    options.add_session_config_entry('session.use_env_allocators', '1')
    providers = ['CPUExecutionProvider']
    return onnxruntime.InferenceSession(content, options, providers=providers)


@functools.cache
def _bound_memory() -> None:
    """Limit the memory of the sessions of this process."""
    import onnxruntime

    kind = onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR
    info = onnxruntime.OrtMemoryInfo('Cpu', kind, 0, onnxruntime.OrtMemType.DEFAULT)
    limit = onnxruntime.OrtArenaCfg({'max_mem': max_memory()})
    with suppress(Exception):  # the process has registered one itself
        onnxruntime.create_and_register_allocator(info, limit)


def max_memory() -> int:
    """Bytes that the graphs of this process may take together."""
    try:
        installed = os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE')
    except (AttributeError, OSError, ValueError):  # not on Windows
        installed = 0
    return max(installed // 2, _MIN_MEMORY)


def _place(content: bytes) -> int:
    """Where the checksum begins; 0 if there is none."""
    place = content.rfind(_ENTRY)  # the metadata follow the graph
    return place + len(_ENTRY) if place >= 0 else 0
