"""Reads untrusted NumPy files: sizes are checked before memory is allocated."""

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import numpy as np

_FREE_BYTES = 100 * 2**20
_MAX_RATIO = 20


def load_array(path: str | Path, *, mmap: bool = False) -> np.ndarray:
    """Read a ``.npy`` file; objects are not unpickled.

    Args:
        path (str | Path): The file.
        mmap (bool): Whether to memory-map it. Defaults to False.

    Raises:
        OSError: If it cannot be opened.
        ValueError: If it is another file, or its length differs from its header.
    """
    path = Path(path)
    with open(path, 'rb') as file:
        declared = _declared_bytes(file, str(path))
    found = path.stat().st_size
    if declared != found:
        raise ValueError(
            f"'{path}' has {found} bytes where its header declares {declared}: it is "
            'cut off or damaged'
        )
    return np.load(path, mmap_mode='r' if mmap else None, allow_pickle=False)


def load_arrays(path: str | Path, names: Sequence[str]) -> dict[str, np.ndarray]:
    """Read arrays from an ``.npz`` file; objects are not unpickled.

    Args:
        path (str | Path): The file.
        names (Sequence[str]): Names of the arrays.

    Returns:
        dict[str, np.ndarray]: Arrays by name.

    Raises:
        OSError: If it cannot be opened.
        ValueError: If it is another file, lacks an array, or would unpack to more than
            100 MB and more than 20 times its size.
    """
    path = Path(path)
    with open(path, 'rb') as raw:
        if not zipfile.is_zipfile(raw):
            raise ValueError(f"'{path}' is no .npz file, or is cut off")
    most = max(_FREE_BYTES, _MAX_RATIO * path.stat().st_size)
    try:
        with zipfile.ZipFile(path) as file:
            members = [_member(file, path, name) for name in names]
            if sum(member.file_size for member in members) > most:
                raise ValueError(
                    f"'{path}' would unpack to more than {most / 1e6:.0f} MB, "
                    f'{path.stat().st_size / 1e6:.1f} MB are expected to hold less'
                )
            for member in members:
                with file.open(member) as part:
                    declared = _declared_bytes(part, f'{path}: {member.filename}')
                if declared != member.file_size:
                    raise ValueError(
                        f"'{path}': {member.filename} has {member.file_size} bytes "
                        f'where its header declares {declared}'
                    )
        with np.load(path, allow_pickle=False) as content:
            return {name: content[name] for name in names}
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise ValueError(f"'{path}' is no .npz file, or is damaged: {error}") from error


def _member(file: zipfile.ZipFile, path: Path, name: str) -> zipfile.ZipInfo:
    try:
        return file.getinfo(f'{name}.npy')
    except KeyError:
        raise ValueError(f"'{path}' has no array {name!r}") from None


def _declared_bytes(file: IO[bytes], name: str) -> int:
    """Size of a .npy file according to its header."""
    try:
        version = np.lib.format.read_magic(file)
        read = {
            (1, 0): np.lib.format.read_array_header_1_0,
            (2, 0): np.lib.format.read_array_header_2_0,
        }[version]
        shape, _, dtype = read(file)
    except (KeyError, ValueError, EOFError) as error:
        raise ValueError(f"'{name}' is no .npy file ({error})") from error
    if dtype.hasobject:
        raise ValueError(f"'{name}' holds Python objects, which are not loaded")
    count = 1
    for side in shape:
        count *= side  # of any size, in Python's integers
    return file.tell() + count * dtype.itemsize
