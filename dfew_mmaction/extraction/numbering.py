"""Numbers of videos and of the clips of their shots."""

from collections.abc import Sequence
from pathlib import Path

from ..faces.detectors.face_files import SHOT_STEP, read_video_numbers
from ..utils import write_rows


def shot_number(video: int, shot: int) -> int:
    """Clip number of a shot of a video.

    Args:
        video (int): Number of the video.
        shot (int): From 1; 0 for a clip that is a complete video.

    Examples:
        >>> shot_number(12, 0), shot_number(12, 3)
        (12, 3000012)
    """
    return video + shot * SHOT_STEP


def video_number(clip: int) -> int:
    """Video number of a clip.

    Examples:
        >>> video_number(3000012)
        12
    """
    return clip % SHOT_STEP


def number_videos(videos: Sequence[Path], out: Path) -> list[tuple[str, int]]:
    """Number the videos and store the numbers in ``extraction/videos.csv``.

    If the names of all videos are distinct numbers, these are used. Otherwise videos
    are numbered from 1 in the given order. Numbers in ``videos.csv`` never change;
    videos that are added later get the next numbers.

    Args:
        videos (Sequence[Path]): Absolute paths.
        out (Path): Root of the tree.

    Returns:
        list[tuple[str, int]]: Path and number of each of ``videos``, by number.

    Raises:
        ValueError: If a tree would have too many videos.
    """
    path = out / 'extraction' / 'videos.csv'
    known: dict[str, int] = {}
    if path.is_file():
        known = read_video_numbers(path)
    new = [str(video) for video in videos if str(video) not in known]
    names = _numbers_in_names(new, set(known.values()))
    if not all(int(n) == _number(v) for v, n in known.items()):  # numbered before
        names = None
    following = max(known.values(), default=0) + 1
    known.update(zip(new, names or range(following, following + len(new))))
    if max(known.values(), default=0) >= SHOT_STEP:
        raise ValueError(
            f'the number of a video must be below {SHOT_STEP}: extract fewer videos '
            'into one tree'
        )
    if new:
        rows = sorted((clip, video) for video, clip in known.items())
        write_rows(path, ['clip', 'video'], rows)
    return sorted(
        ((str(video), known[str(video)]) for video in videos), key=lambda pair: pair[1]
    )


def _numbers_in_names(videos: list[str], taken: set[int]) -> list[int] | None:
    """Numbers in the names of videos; None if they cannot be used."""
    numbers = [_number(video) for video in videos]
    usable = [n for n in numbers if n is not None and n < SHOT_STEP and n not in taken]
    return usable if len(set(usable)) == len(videos) else None


def _number(video: str) -> int | None:
    stem = Path(video).stem
    return int(stem) if stem.isascii() and stem.isdigit() else None
