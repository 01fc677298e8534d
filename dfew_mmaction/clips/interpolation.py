"""Temporal interpolation: any number of frames to a fixed number.

Source: section 4.1 of the DFEW paper, after Zhou et al., "Towards a practical
lipreading system" (CVPR 2011). Their method embeds the frames on a curve that is given
by the graph Laplacian of a path. Since the embedding spans all frames, it equals a
linear map of the frames that depends only on the two lengths.
"""

from collections.abc import Iterable

import numpy as np

#: Values of a frame that are processed at a time. They fit into the cache of a core, so
#: that a long clip is never in memory as floats.
BLOCK = 4096


def interpolation_matrix(num_in: int, num_out: int) -> np.ndarray:
    """Compute the weights that interpolate ``num_in`` frames to ``num_out`` frames.

    Frame ``i`` sits at ``t = i / num_in`` (``i`` from 1); the outputs are spaced
    evenly over ``[1 / num_in, 1]``, so the first and the last frame are kept.

    Args:
        num_in (int): Number of input frames, at least 1.
        num_out (int): Number of output frames, at least 1.

    Returns:
        np.ndarray: Weights of shape (num_in, num_out), float64. Each column sums
        to 1.

    Raises:
        ValueError: If one of the lengths is below 1.

    Examples:
        >>> interpolation_matrix(1, 3)
        array([[1., 1., 1.]])
        >>> interpolation_matrix(7, 16).sum(axis=0).round(12).tolist() == [1.0] * 16
        True
    """
    if num_in < 1 or num_out < 1:
        raise ValueError(
            'interpolation needs at least one input and one output frame, '
            f'got num_in={num_in} and num_out={num_out}'
        )
    # The k-th coordinate of the curve, sin(pi k t + pi (n - k) / (2 n)), is a cosine of
    # k pi (t - 1 / (2 n)), and sums of products of cosines are Dirichlet kernels. This
    # form needs no sum over k, which would not fit into memory for long videos.
    n = num_in
    given = (np.arange(1, n + 1)[:, None] - 0.5) / n
    wanted = np.linspace(1 / n, 1, num_out) - 0.5 / n
    return (_dirichlet(given - wanted, n) + _dirichlet(given + wanted, n)) / (2 * n)


def _dirichlet(x: np.ndarray, n: int) -> np.ndarray:
    """1 + 2 cos(pi x) + … + 2 cos((n - 1) pi x), for x in (-1, 2)."""
    below = np.sin(np.pi * x / 2)
    zero = below == 0
    above = np.sin((n - 0.5) * np.pi * x)
    return np.where(zero, 2 * n - 1, above / np.where(zero, 1, below))


def interpolate_frames(frames: np.ndarray, num_frames: int) -> np.ndarray:
    """Interpolate a clip to ``num_frames`` frames.

    The interpolation is band-limited and can exceed the range of its input; integer
    frames are clipped to the range of their type and rounded.

    Args:
        frames (np.ndarray): Clip of shape (N, ...), such as (N, H, W, C) or
            (N, H, W), N at least 1, of an integer or floating type.
        num_frames (int): Number of output frames.

    Returns:
        np.ndarray: Clip of shape (num_frames, ...) with the dtype of ``frames``.

    Raises:
        ValueError: If ``frames`` has no frame or ``num_frames`` is below 1.

    Examples:
        >>> clip = np.zeros((40, 224, 224, 3), np.uint8)
        >>> interpolate_frames(clip, 16).shape
        (16, 224, 224, 3)
    """
    work = np.float64 if frames.dtype == np.float64 else np.float32
    weights = interpolation_matrix(len(frames), num_frames).astype(work).T
    flat = frames.reshape(len(frames), -1)
    out = np.empty((num_frames, flat.shape[1]), frames.dtype)
    for start in range(0, flat.shape[1], BLOCK):
        part = weights @ flat[:, start : start + BLOCK].astype(work)
        out[:, start : start + BLOCK] = _in_range(part, frames.dtype)
    return out.reshape(num_frames, *frames.shape[1:])


def interpolate_parts(
    parts: Iterable[np.ndarray], num_in: int, num_frames: int
) -> np.ndarray:
    """Interpolate a clip that arrives in parts, as :func:`interpolate_frames` does.

    Args:
        parts (Iterable[np.ndarray]): Of shape (n, ...) and one type; the sum of all
            n is ``num_in``.
        num_in (int): Number of frames of the clip.
        num_frames (int): Number of output frames.

    Returns:
        np.ndarray: Clip of shape (num_frames, ...) with the dtype of the parts.

    Raises:
        ValueError: If the number of frames is not ``num_in``.
    """
    weights = interpolation_matrix(num_in, num_frames).T
    done, total, part = 0, np.float32(0), np.empty(0)
    for part in parts:
        work = np.float64 if part.dtype == np.float64 else np.float32
        share = weights[:, done : done + len(part)].astype(work)
        done += len(part)
        if done <= num_in:
            total = total + share @ part.reshape(len(part), -1).astype(work)
    if done != num_in:
        raise ValueError(f'expected {num_in} frames, got {done}')
    out = _in_range(total, part.dtype).astype(part.dtype)
    return out.reshape(num_frames, *part.shape[1:])


def _in_range(values: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """Clip and round values for an integer type, in place; floats are unchanged."""
    if np.issubdtype(dtype, np.integer):
        info = np.iinfo(dtype)
        np.rint(np.clip(values, info.min, info.max, out=values), out=values)
    return values
