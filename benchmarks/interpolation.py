"""Temporal interpolation.

Both bring 60 frames of 224 x 224 x 3 to 16, in turns, in one run. The steps are those
of Zhou et al. (CVPR 2011): eigenvectors of the path graph, singular value decomposition
of the frames, curve, and back.
"""

import argparse
from collections.abc import Iterator

import numpy as np
from measure import Row, compare, main, take_turns

from dfew_mmaction.clips import interpolate_frames


def by_decomposition(frames: np.ndarray, num_frames: int) -> np.ndarray:
    n = len(frames)
    flat = frames.reshape(n, -1).astype(np.float32).T
    path = np.diag(np.ones(n - 1), 1) + np.diag(np.ones(n - 1), -1)
    vectors = np.linalg.eigh(np.diag(path.sum(axis=0)) - path)[1][:, 1:]
    mean = flat.mean(axis=1, keepdims=True)
    u, s, vt = np.linalg.svd(flat - mean, full_matrices=False)
    keep = s > s[0] * 1e-5
    u, q = u[:, keep], s[keep, None] * vt[keep]
    linear = np.linalg.inv(q @ q.T) @ q @ vectors
    k = np.arange(1, n)

    def curve(t: np.ndarray) -> np.ndarray:
        return np.sin(np.pi * k * t[:, None] + np.pi * (n - k) / (2 * n))

    given = curve(np.arange(1, n + 1) / n)
    signs = (vectors * given).sum(axis=0) / (given**2).sum(axis=0)
    wanted = curve(np.linspace(1 / n, 1, num_frames)) * signs
    out = (u @ (np.linalg.pinv(linear.T) @ wanted.T) + mean).T
    out = np.rint(np.clip(out, 0, 255)).astype(frames.dtype)
    return out.reshape(num_frames, *frames.shape[1:])


def rows(args: argparse.Namespace) -> Iterator[Row]:
    noise = np.random.default_rng(0).integers(0, 256, (60, 224, 224, 3), np.uint8)
    pair = [f(noise, 16).astype(int) for f in (by_decomposition, interpolate_frames)]
    seconds = take_turns(
        {
            'closed form': lambda: interpolate_frames(noise, 16),
            'decomposition': lambda: by_decomposition(noise, 16),
        },
        args.runs,
    )
    yield compare(
        '60 frames of 224 × 224 × 3 to 16',
        seconds,
        'closed form',
        'decomposition',
        unit='ms a clip',
        note=f'greatest difference {np.abs(pair[0] - pair[1]).max()} grey levels',
    )


if __name__ == '__main__':
    main(__doc__, rows)
