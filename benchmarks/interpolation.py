"""Temporal interpolation: the closed form against the published steps.

Both bring 60 frames of 224 x 224 x 3 to 16, in turns, in one run. The steps are those
of Zhou et al. (CVPR 2011): eigenvectors of the path graph, singular value decomposition
of the frames, curve, and back.
"""

import argparse
import statistics
import time

import numpy as np

from dfew_mmaction.preprocessing import interpolate_frames


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--runs', type=int, default=7)
    runs = parser.parse_args().runs
    noise = np.random.default_rng(0).integers(0, 256, (60, 224, 224, 3), np.uint8)
    seconds = {by_decomposition: [], interpolate_frames: []}
    results = {}
    for _ in range(runs):
        for function, times in seconds.items():
            began = time.perf_counter()
            results[function] = function(noise, 16)
            times.append(time.perf_counter() - began)
    ratios = [
        slow / fast
        for slow, fast in zip(seconds[by_decomposition], seconds[interpolate_frames])
    ]
    slow, fast = (statistics.median(times) for times in seconds.values())
    pair = [result.astype(int) for result in results.values()]
    print(
        f'decomposition {1000 * slow:.0f} ms, closed form {1000 * fast:.0f} ms a clip'
    )
    print(
        f'closed form is {statistics.median(ratios):.1f} times as fast '
        f'({min(ratios):.1f} to {max(ratios):.1f}, {runs} runs); greatest difference '
        f'{np.abs(pair[0] - pair[1]).max()} grey levels'
    )


if __name__ == '__main__':
    main()
