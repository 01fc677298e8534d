import itertools

import numpy as np
import pytest

from dfew_mmaction.clips import interpolate_frames, interpolation_matrix
from dfew_mmaction.clips.interpolation import interpolate_parts


def by_svd(frames, num_out):
    """Zhou et al. 2011 step by step: path graph, SVD of the frames, curve, back."""
    n = len(frames)
    flat = frames.reshape(n, -1).astype(np.float64).T
    graph = np.diag(np.ones(n - 1), 1) + np.diag(np.ones(n - 1), -1)
    laplacian = np.diag(graph.sum(axis=0)) - graph
    _, vectors = np.linalg.eigh(laplacian)
    vectors = vectors[:, 1:]
    mean = flat.mean(axis=1, keepdims=True)
    u, s, vt = np.linalg.svd(flat - mean, full_matrices=False)
    keep = s > s[0] * 1e-10
    u, q = u[:, keep], s[keep, None] * vt[keep]
    m = np.linalg.pinv(q @ q.T) @ q @ vectors
    k = np.arange(1, n)

    def curve(t):
        return np.sin(np.pi * k * t + np.pi * (n - k) / (2 * n))

    at_frames = np.array([curve(i / n) for i in range(1, n + 1)])
    sign = np.array([vectors[:, j] @ at_frames[:, j] for j in range(n - 1)])
    scale = sign / (at_frames**2).sum(axis=0)
    wanted = np.array([curve(t) * scale for t in np.linspace(1 / n, 1, num_out)])
    out = u @ np.linalg.pinv(m.T) @ wanted.T + mean
    return out.T.reshape(num_out, *frames.shape[1:])


@pytest.mark.parametrize('n, m', itertools.product([8, 40, 60], [16]))
def test_equals_the_svd_form(n, m):
    frames = np.random.default_rng(n).random((n, 12, 12))
    expected = by_svd(frames, m)
    np.testing.assert_allclose(interpolate_frames(frames, m), expected, atol=1e-8)


@pytest.mark.parametrize('n, m', itertools.product([1, 2, 5, 16, 17, 300], [1, 2, 16]))
def test_columns_sum_to_one_and_ends_are_kept(n, m):
    matrix = interpolation_matrix(n, m)
    assert matrix.shape == (n, m)
    np.testing.assert_allclose(matrix.sum(axis=0), 1)
    if m > 1:
        np.testing.assert_allclose(matrix[:, 0], np.eye(n)[0], atol=1e-9)
        np.testing.assert_allclose(matrix[:, -1], np.eye(n)[-1], atol=1e-9)


@pytest.mark.parametrize('dtype', [np.uint8, np.float32, np.float64])
@pytest.mark.parametrize('shape', [(1, 6, 5), (9, 6, 5, 3), (16, 6, 5), (40, 6, 5, 3)])
def test_dtype_and_shape(dtype, shape):
    frames = (np.random.default_rng(0).random(shape) * 255).astype(dtype)
    out = interpolate_frames(frames, 16)
    assert out.dtype == dtype and out.shape == (16, *shape[1:])
    if shape[0] == 16:
        np.testing.assert_allclose(out, frames, rtol=1e-4, atol=1e-2)
    if shape[0] == 1:
        assert (out == frames).all()


def test_overshoot_is_clipped_before_rounding():
    frames = np.zeros((8, 1, 1), np.uint8)
    frames[4:] = 255
    exact = interpolation_matrix(8, 33).T @ frames[:, 0, 0].astype(float)
    assert exact.max() > 256 and exact.min() < -1
    out = interpolate_frames(frames, 33)[:, 0, 0]
    np.testing.assert_array_equal(out, np.rint(exact.clip(0, 255)).astype(np.uint8))


@pytest.mark.parametrize('n, m', [(0, 16), (4, 0)])
def test_no_frames_are_refused(n, m):
    with pytest.raises(ValueError, match=f'num_in={n} and num_out={m}'):
        interpolation_matrix(n, m)


@pytest.mark.parametrize('dtype', [np.uint8, np.float32, np.float64])
@pytest.mark.parametrize('cuts', [[], [3], [1, 2, 20]])
def test_a_clip_in_parts_is_the_same(dtype, cuts):
    frames = (np.random.default_rng(0).random((23, 6, 5, 3)) * 255).astype(dtype)
    whole = interpolate_frames(frames, 16)
    out = interpolate_parts(np.split(frames, cuts), 23, 16)
    assert out.dtype == dtype
    # Sums in another order: where they fall between two integers, one or the other.
    np.testing.assert_allclose(out, whole, atol=1 if dtype == np.uint8 else 1e-3)
    assert (out != whole).mean() < 0.01 or dtype != np.uint8
    with pytest.raises(ValueError, match='expected 22 frames, got 23'):
        interpolate_parts(np.split(frames, cuts), 22, 16)


def test_matrix_of_a_video_of_hours():
    """Memory is that of the result; a sum over the frames would take 250 GB."""
    matrix = interpolation_matrix(180_000, 16)
    np.testing.assert_allclose(matrix.sum(axis=0), 1)
    assert matrix[0, 0] == pytest.approx(1) and matrix[-1, -1] == pytest.approx(1)
