import json

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter1d

from dfew_mmaction.inference import FaceTimeline, VideoResult
from dfew_mmaction.inference.results import smooth_over_time


def timeline(values, starts, ends):
    values = np.array(values, np.float32)
    return FaceTimeline(
        3, 0.0, 2.0, 20, np.array(starts), np.array(ends), values, values
    )


def test_smoothing_is_that_of_scipy_where_times_are_even():
    values = np.random.default_rng(0).dirichlet(np.ones(4), 60)
    ours = smooth_over_time(values, np.arange(60) * 0.5, 1.0)
    theirs = gaussian_filter1d(values, 2.0, axis=0)
    np.testing.assert_allclose(ours[10:-10], theirs[10:-10], atol=1e-3)
    np.testing.assert_allclose(ours.sum(axis=1), 1)
    assert smooth_over_time(values, np.arange(60.0), 0) is values


def test_between_windows_and_as_json():
    face = timeline([[1, 0], [0, 1]], [0.0, 1.0], [1.0, 2.0])
    assert face.times.tolist() == [0.5, 1.5]
    np.testing.assert_allclose(
        face.at([0.0, 0.5, 0.75]), [[1, 0], [1, 0], [0.75, 0.25]]
    )
    result = VideoResult('a.mp4', ('x', 'y'), 30.0, 60, 2.0, [face], ['a note'])
    plain = json.loads(json.dumps(result.to_dict()))
    assert plain['faces'][0]['probabilities'] == [[1, 0], [0, 1]]
    assert plain['faces'][0]['overall'] == [0.5, 0.5]
    assert plain['faces'][0]['id'] == 3 and plain['notes'] == ['a note']
    assert plain['classes'] == ['x', 'y'] and plain['duration'] == pytest.approx(2)
