"""How the frames of a pack get to disk."""

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track

from ..utils import DecodeError, atomic_write, start_worker, worker_context
from .pack import key
from .transforms import DecodeFaceFrames

#: Clips that a process is given at a time, and clips between two notes of what is done.
SHARE, NOTE = 8, 256
#: Clip number, number of its first frame in the pack, paths of its frames.
Task = tuple[int, int, list[str]]


def store_frames(
    out: Path, tasks: Sequence[Task], settings: dict, workers: int
) -> dict[int, str]:
    """Decode all clips into ``frames.npy``; what was done before is left alone.

    Args:
        out (pathlib.Path): Folder of the pack.
        tasks (Sequence[Task]): The clips.
        settings (dict): Of the pack.
        workers (int): Processes.

    Returns:
        dict[int, str]: What is wrong with clips that cannot be decoded.

    Raises:
        OSError: If there is no room.
    """
    path, noted = out / 'frames.npy', out / 'done.txt'
    width, height = settings['size']
    shape = (settings['frames'], height, width, 3)
    if not path.is_file():
        _check_room(out, int(np.prod(shape)))
        with atomic_write(path) as beside:
            np.lib.format.open_memmap(beside, 'w+', np.uint8, shape).flush()
            if hasattr(os, 'posix_fallocate'):  # else it grows as it is filled
                with open(beside, 'rb+') as file:
                    os.posix_fallocate(file.fileno(), 0, beside.stat().st_size)
    done = set(noted.read_text().split()) if noted.is_file() else set()
    left = [task for task in tasks if str(task[0]) not in done]
    broken: dict[int, str] = {}
    job = (str(path), (width, height), settings['exact'])
    with open(path, 'rb+') as frames, open(noted, 'a') as notes:
        fresh: list[int] = []

        def note() -> None:
            # First the frames, then the word that they are there.
            os.fsync(frames.fileno())
            notes.write(''.join(f'{number}\n' for number in fresh))
            notes.flush()
            fresh.clear()

        try:
            for number, error in _spread(left, job, workers):
                if error:
                    broken[number] = error
                    continue
                fresh.append(number)
                if len(fresh) >= NOTE:
                    note()
        finally:
            note()
    return broken


def _spread(
    tasks: Sequence[Task], job: tuple, workers: int
) -> Iterator[tuple[int, str]]:
    """Decode clips, here or in processes; yields clip numbers as they are done."""
    shares = [tasks[i : i + SHARE] for i in range(0, len(tasks), SHARE)]
    if workers == 1:
        for share in _progress(shares, len(shares)):
            yield from write_clips(share, *job)
        return
    with ProcessPoolExecutor(workers, worker_context(), start_worker) as pool:
        futures = [pool.submit(write_clips, share, *job) for share in shares]
        try:
            for future in _progress(as_completed(futures), len(shares)):
                yield from future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def write_clips(
    tasks: Sequence[Task], path: str, size: Sequence[int], exact: bool
) -> list[tuple[int, str]]:
    """Decode clips and write them to their place in the file; a worker's share.

    Returns:
        list[tuple[int, str]]: Clip number, and what is wrong with it or nothing.
    """
    begin, (width, height) = np.load(path, mmap_mode='r').offset, size
    done = []
    # Not through a memory map: a full disk would end the process there.
    with open(path, 'rb+') as file:
        for number, first, paths in tasks:
            try:
                frames = decode(paths, size, exact)
            except DecodeError as error:
                done.append((number, str(error)))
                continue
            file.seek(begin + first * width * height * 3)
            file.write(frames.data)
            done.append((number, ''))
    return done


def decode(paths: list[str], scale: tuple[int, int] | None, exact: bool) -> np.ndarray:
    """Pictures as the pipeline decodes them, uint8 of shape (n, H, W, 3)."""
    results = dict(frame_paths=paths, frame_inds=np.arange(len(paths)))
    return DecodeFaceFrames(scale, exact).transform(results)['imgs']


def store_files(
    out: Path, tasks: Sequence[Task], settings: dict, workers: int
) -> dict[int, str]:
    """Copy the files of all clips into ``files.lmdb``; see :func:`store_frames`.

    Raises:
        ImportError: If LMDB is not installed.
    """
    try:
        import lmdb
    except ImportError as error:
        raise ImportError(
            "a pack of files needs LMDB: pip install 'dfew_mmaction[lmdb]'"
        ) from error
    sizes = sum(os.path.getsize(path) for _, _, paths in tasks for path in paths)
    # Pages of 4 KiB, half of which may stay empty, and the tree over them.
    room = 2 * sizes + 16384 * settings['frames'] + (1 << 24)
    place = out / 'files.lmdb'
    there = place / 'data.mdb'
    _check_room(out, sizes - (there.stat().st_blocks * 512 if there.is_file() else 0))
    with lmdb.open(str(place), map_size=room, subdir=True, readahead=False) as store:
        broken: dict[int, str] = {}
        for number, _, paths in _progress(tasks, len(tasks)):
            # A clip is one transaction: its first frame is there when all are.
            with store.begin() as reading:
                if reading.get(key(number, 0).encode()) is not None:
                    continue
            try:
                contents = [DecodeFaceFrames._read(path, None) for path in paths]
            except DecodeError as error:
                broken[number] = str(error)
                continue
            with store.begin(write=True) as writing:
                for index, content in enumerate(contents):
                    writing.put(key(number, index).encode(), content)
        return broken


def _progress(work: Iterable, total: int) -> Iterable:
    console = Console(stderr=True)
    return track(work, 'packing', total, console=console, transient=True)


def _check_room(out: Path, wanted: int) -> None:
    free = shutil.disk_usage(out).free
    if wanted > free:
        raise OSError(
            f"the pack needs {wanted / 1e9:.1f} GB, '{out}' has {free / 1e9:.1f} GB: "
            'choose another place with --out, a smaller --scale, or --files'
        )
