"""Videos made for the tests, and a classifier without a network."""

import cv2
import numpy as np
import pytest


class ColorClassifier:
    """A classifier without a network: shares of red, green and blue in a clip."""

    classes = ('red', 'green', 'blue')
    num_frames = 16
    sampling = 'interpolate'

    def __init__(self):
        self.batches = []

    def __call__(self, clips):
        assert clips.dtype == np.uint8 and clips.shape[1:] == (16, 224, 224, 3)
        self.batches.append(len(clips))
        means = clips.mean(axis=(1, 2, 3)) + 1e-3
        return (means / means.sum(axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(autouse=True)
def scope():
    """MMEngine builds the parts of a network in the default scope."""
    from mmengine.registry import init_default_scope

    init_default_scope('mmaction')


@pytest.fixture
def colors():
    return ColorClassifier()


def write_video(path, frames, fps=10):
    """Write RGB frames as mp4."""
    kind = cv2.VideoWriter_fourcc(*'mp4v')
    writer = cv2.VideoWriter(str(path), kind, fps, frames[0].shape[1::-1])
    for frame in frames:
        writer.write(cv2.cvtColor(frame, cv2.COLOR_RGB2BGR))
    writer.release()
    return path


@pytest.fixture
def video():
    return write_video


@pytest.fixture
def red_to_blue():
    """Two seconds of red, two of blue, 10 frames a second, RGB."""
    red = np.full((20, 64, 96, 3), (220, 20, 20), np.uint8)
    return np.concatenate([red, red[..., ::-1]])


@pytest.fixture(scope='session')
def published(model_file):
    return model_file
