"""Pictures: their size is checked before memory is taken."""

from pathlib import Path
from typing import IO

import cv2
import numpy as np

from .errors import DecodeError, TooManyPixelsError

#: Greatest number of pixels of a picture or of a frame of a video, twice that of 8K.
MAX_PIXELS = 2**26


def check_pixels(name: str | Path, width: int, height: int) -> None:
    """Refuse a size that would take hundreds of megabytes per frame.

    Args:
        name (str | Path): File, for the message.
        width (int): Pixels per row.
        height (int): Number of rows.

    Raises:
        TooManyPixelsError: If there are more than :data:`MAX_PIXELS`.

    Examples:
        >>> check_pixels('8k.mp4', 7680, 4320)
    """
    if width * height > MAX_PIXELS:
        raise TooManyPixelsError(
            f"'{name}' has {width} x {height} pixels per frame, at most "
            f'{MAX_PIXELS / 1e6:.0f} million are accepted: make it smaller, a video by '
            '`ffmpeg -i IN -vf scale=1920:-2 OUT.mp4`'
        )


def picture_size(file: str | Path | IO[bytes], name: str | Path) -> tuple[int, int]:
    """Read height and width from the header of a picture.

    Args:
        file (str | Path | IO[bytes]): The picture.
        name (str | Path): Its name, for messages.

    Raises:
        DecodeError: If it is not a picture or has too many pixels.
    """
    from PIL import Image

    try:
        with Image.open(file) as picture:
            width, height = picture.size
    except Image.DecompressionBombError as error:
        raise TooManyPixelsError(f"'{name}' has too many pixels ({error})") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise DecodeError(f"'{name}' is not a picture, or is cut off") from error
    check_pixels(name, width, height)
    return height, width


def read_picture(path: str | Path) -> np.ndarray:
    """Read a picture file.

    Returns:
        np.ndarray: uint8 of shape (H, W, 3) in BGR.

    Raises:
        DecodeError: If it is missing, is not a complete picture, or has too many
            pixels.
    """
    if not Path(path).is_file():
        raise DecodeError(f"there is no picture '{path}'")
    picture_size(path, path)
    data = np.fromfile(path, np.uint8)  # cv2.imread fails on names that are not UTF-8
    picture = cv2.imdecode(data, cv2.IMREAD_COLOR)
    if picture is None:
        raise DecodeError(f"'{path}' is not a picture, or is cut off")
    return np.asarray(picture)
