"""Reads clips of aligned faces from disk."""

from pathlib import Path

import cv2
import numpy as np

from ..clips import bring_to_length
from ..clips.face_windows import MAX_FRAMES
from ..video import open_video


def read_clip(
    path: str | Path, num_frames: int, sampling: str, size: int
) -> np.ndarray:
    """Read a clip and bring it to a number of frames.

    Args:
        path (str | Path): Folder of aligned frames, or a video of them.
        num_frames (int): Number of output frames.
        sampling (str): See :func:`dfew_mmaction.clips.bring_to_length`.
        size (int): Side of the output frames in pixels.

    Returns:
        np.ndarray: uint8 of shape (num_frames, size, size, 3) in RGB.

    Raises:
        DecodeError: If it cannot be read.
        ValueError: If it is too long for a clip.
    """
    frames: list[np.ndarray] = []
    for _, frame in open_video(path).frames:
        if len(frames) == MAX_FRAMES:
            raise ValueError(
                f"'{path}' has more than {MAX_FRAMES} frames, too many for a clip"
            )
        if frame.shape[:2] != (size, size):
            shrinks = min(frame.shape[:2]) >= size
            method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
            frame = cv2.resize(frame, (size, size), interpolation=method)
        frames.append(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB))
    return bring_to_length(np.stack(frames), num_frames, sampling)
