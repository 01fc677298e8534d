"""Sampling of the input frames of a network."""

import numpy as np

from .interpolation import interpolate_frames

MODES = ('segments', 'random', 'even', 'all')


def choose_frames(
    num_frames: int, clip_len: int, mode: str = 'segments', test_mode: bool = True
) -> np.ndarray:
    """Choose frames of a clip, in temporal order.

    Args:
        num_frames (int): Frames of the clip, at least 1.
        clip_len (int): Frames to choose. Each frame of a shorter clip is repeated in
            place.
        mode (str): ``'segments'``: one frame of each of ``clip_len`` equal segments, a
            random one in training and the middle one in testing; ``'random'``: any
            frames, sorted; ``'even'``: evenly spaced, with the first and the last;
            ``'all'``: each frame, ``clip_len`` is ignored. Defaults to
            ``'segments'``.
        test_mode (bool): Whether the choice is deterministic; ``'random'`` then means
            ``'even'``. Defaults to True.

    Returns:
        np.ndarray: int64 of shape (clip_len,), with ``'all'`` (num_frames,), not
        decreasing, from 0.

    Examples:
        >>> choose_frames(40, 4).tolist()
        [4, 14, 24, 34]
        >>> choose_frames(2, 4).tolist()
        [0, 0, 1, 1]
    """
    n, m = num_frames, clip_len
    if mode == 'all':
        return np.arange(n)
    if mode == 'segments':
        edges = np.arange(m + 1) * n // m
        low, high = edges[:-1], np.maximum(edges[1:], edges[:-1] + 1)
        if test_mode:
            return (low + high - 1) // 2
        return np.random.randint(low, high)
    if mode == 'random' and not test_mode and n > m:
        return np.sort(np.random.choice(n, m, replace=False))
    return np.linspace(0, n - 1, m).round().astype(np.int64)


def bring_to_length(frames: np.ndarray, clip_len: int, sampling: str) -> np.ndarray:
    """Bring a clip to a number of frames, deterministically.

    Args:
        frames (np.ndarray): Clip of shape (N, ...), N at least 1.
        clip_len (int): Number of output frames.
        sampling (str): ``'interpolate'``, see :func:`interpolate_frames`, or a mode of
            :func:`choose_frames`.

    Returns:
        np.ndarray: Clip of shape (clip_len, ...) with the dtype of ``frames``.
    """
    if sampling == 'interpolate':
        if len(frames) == clip_len:  # interpolation would not change it
            return frames
        return interpolate_frames(frames, clip_len)
    return frames[choose_frames(len(frames), clip_len, sampling)]
