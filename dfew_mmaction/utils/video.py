"""What has to be known of a video file before a decoder is given it."""

import os
from pathlib import Path

from .errors import DecodeError


def check_video_file(path: str | Path) -> None:
    """Refuse a file that is missing, empty, or an avi shorter than its header says.

    Decoders take the whole frames of a cut-off avi for a shorter video.

    Args:
        path (str | Path): The file.

    Raises:
        DecodeError: With the file and what is wrong with it.
    """
    try:
        with open(path, 'rb') as file:
            head = file.read(12)
            size = os.fstat(file.fileno()).st_size
    except OSError as error:
        raise DecodeError(f"cannot read '{path}' ({error.strerror})") from error
    if not size:
        raise DecodeError(f"'{path}' is empty (expected a video file)")
    if head[:4] == b'RIFF' and size < int.from_bytes(head[4:8], 'little') + 8:
        raise DecodeError(f"'{path}' is cut off (its header says it is longer)")
