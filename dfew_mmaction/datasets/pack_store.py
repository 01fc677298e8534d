"""How the frames of a pack get to disk."""

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from ..utils import DecodeError, atomic_write, run_parallel, track
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
    written = run_parallel(write_clips, [(share, *job) for share in shares], workers)
    for _, results in track(written, 'packing', len(shares), f'times {SHARE} clips'):
        yield from results


def write_clips(
    tasks: Sequence[Task], path: str, size: tuple[int, int], exact: bool
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


def _check_room(out: Path, wanted: int) -> None:
    free = shutil.disk_usage(out).free
    if wanted > free:
        raise OSError(
            f"the pack needs {wanted / 1e9:.1f} GB, '{out}' has {free / 1e9:.1f} GB: "
            'choose another place with --out or a smaller --scale'
        )
