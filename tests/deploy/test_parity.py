"""The comparison of networks detects differences."""

import cv2
import numpy as np
import pytest
import torch

from dfew_mmaction.deploy import compare_outputs, parity_clips
from dfew_mmaction.synthetic import Identity, draw_clip


def outputs(loaded):
    def run(clips):
        with torch.no_grad():
            return [output.numpy() for output in loaded.network(torch.tensor(clips))]

    return run


def test_clips():
    clips = parity_clips(16, (24, 40), 2)
    assert {kind: c.shape for kind, c in clips.items()} == dict.fromkeys(
        ['random', 'drawn'], (2, 16, 24, 40, 3)
    )
    assert all(c.dtype == np.uint8 for c in clips.values())
    assert clips['random'].mean() == pytest.approx(127.5, abs=1)
    person = Identity.sample(np.random.default_rng(0))
    face = draw_clip(0, person, ['happy'], 16, min_faces=16).faces[5]
    small = cv2.resize(face, (40, 24), interpolation=cv2.INTER_AREA)
    assert np.array_equal(clips['drawn'][0, 5], small[..., ::-1])


@pytest.mark.parametrize(
    ('kind', 'what', 'amount', 'expected'),
    [
        ('drawn', 1, 1e-3, 1e-3),  # a probability
        ('random', 1, np.nan, np.inf),
        ('random', 0, np.inf, np.inf),
    ],
)
def test_a_difference_on_one_clip_is_found(loaded, kind, what, amount, expected):
    clips = parity_clips(16, (32, 32), 2)
    right = outputs(loaded)

    def wrong(batch):
        given = right(batch)
        if np.array_equal(batch[-1], clips[kind][1]):
            given[what][-1, 2] += amount
        return given

    other = 'drawn' if kind == 'random' else 'random'
    found = compare_outputs(loaded.network, wrong, clips)
    assert found[kind] == pytest.approx(expected, abs=1e-5)
    assert found[other] < 1e-5
    assert max(compare_outputs(loaded.network, right, clips).values()) < 1e-5


def test_only_wrong_for_single_clips(loaded):
    right = outputs(loaded)

    def wrong(batch):
        return [output + (len(batch) == 1) for output in right(batch)]

    found = compare_outputs(loaded.network, wrong, parity_clips(16, (32, 32), 2))
    assert min(found.values()) > 0.1
