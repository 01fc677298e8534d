"""Writes the frames of a pack."""

import os
import shutil
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from ...utils import DecodeError, atomic_write, run_parallel, track
from ..transforms import DecodeFaceFrames

#: Clips per task of a process, and clips between two records of what is done.
SHARE, NOTE = 8, 256
#: Clip number, number of its first frame in the pack, paths of its frames.
Task = tuple[int, int, list[str]]


def store_frames(
    out: Path, tasks: Sequence[Task], settings: dict, workers: int
) -> tuple[dict[int, int], dict[int, str]]:
    """Decode all missing clips into ``frames.npy``.

    Args:
        out (pathlib.Path): Folder of the pack.
        tasks (Sequence[Task]): The clips.
        settings (dict): Settings of the pack.
        workers (int): Number of processes.

    Returns:
        tuple[dict[int, int], dict[int, str]]: CRC-32 of the frames of each clip, and
        the errors of clips that cannot be decoded.

    Raises:
        OSError: If the disk is too small.
    """
    path, noted = out / 'frames.npy', out / 'done.txt'
    width, height = settings['size']
    shape = (settings['frames'], height, width, 3)
    if not path.is_file():
        _check_room(out, int(np.prod(shape)))
        with atomic_write(path) as temporary:
            np.lib.format.open_memmap(temporary, 'w+', np.uint8, shape).flush()
            if hasattr(os, 'posix_fallocate'):  # else it grows as it is written
                with open(temporary, 'rb+') as file:
                    os.posix_fallocate(file.fileno(), 0, temporary.stat().st_size)
    sums = _read_done(noted)
    left = [task for task in tasks if task[0] not in sums]
    broken: dict[int, str] = {}
    job = (str(path), (width, height), settings['exact'])
    with open(path, 'rb+') as frames, open(noted, 'a') as notes:
        fresh: list[int] = []

        def note() -> None:
            # Frames are written before their record.
            os.fsync(frames.fileno())
            notes.write(''.join(f'{number} {sums[number]}\n' for number in fresh))
            notes.flush()
            fresh.clear()

        try:
            for number, checksum, error in _spread(left, job, workers):
                if error:
                    broken[number] = error
                    continue
                sums[number] = checksum
                fresh.append(number)
                if len(fresh) >= NOTE:
                    note()
        finally:
            note()
    return sums, broken


def _read_done(path: Path) -> dict[int, int]:
    """Finished clips with the CRC-32 of their frames."""
    if not path.is_file():
        return {}
    # A killed process may have left half a line.
    lines = [line.split() for line in path.read_text().split('\n')[:-1]]
    return {int(line[0]): int(line[1]) for line in lines if len(line) == 2}


def _spread(
    tasks: Sequence[Task], job: tuple, workers: int
) -> Iterator[tuple[int, int, str]]:
    """Decode clips in this or other processes; yields results of
    :func:`write_clips`.
    """
    shares = [tasks[i : i + SHARE] for i in range(0, len(tasks), SHARE)]
    written = run_parallel(write_clips, [(share, *job) for share in shares], workers)
    for _, results in track(written, 'packing', len(shares), f'times {SHARE} clips'):
        yield from results


def write_clips(
    tasks: Sequence[Task], path: str, size: tuple[int, int], exact: bool
) -> list[tuple[int, int, str]]:
    """Decode clips and write them to the file; the task of a worker.

    Returns:
        list[tuple[int, int, str]]: Number of each clip, CRC-32 of its frames, and its
        error or an empty string.
    """
    begin, (width, height) = np.load(path, mmap_mode='r').offset, size
    done = []
    # Not through a memory map: a full disk would kill the process.
    with open(path, 'rb+') as file:
        for number, first, paths in tasks:
            try:
                frames = decode(paths, size, exact)
            except DecodeError as error:
                done.append((number, 0, str(error)))
                continue
            file.seek(begin + first * width * height * 3)
            file.write(frames.data)
            done.append((number, zlib.crc32(frames.data), ''))
    return done


def decode(paths: list[str], scale: tuple[int, int] | None, exact: bool) -> np.ndarray:
    """Decode images as the pipeline does: uint8 of shape (n, H, W, 3)."""
    results = dict(frame_paths=paths, frame_inds=np.arange(len(paths)))
    return DecodeFaceFrames(scale, exact).transform(results)['imgs']


def _check_room(out: Path, wanted: int) -> None:
    free = shutil.disk_usage(out).free
    if wanted > free:
        raise OSError(
            f"the pack needs {wanted / 1e9:.1f} GB, '{out}' has {free / 1e9:.1f} GB: "
            'choose another folder with --out or a smaller --scale'
        )
