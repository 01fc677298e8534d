"""A video in which each frame tells its number."""

import cv2
import numpy as np
import pytest

NUM_FRAMES = 30


@pytest.fixture(scope='session')
def counting(tmp_path_factory):
    """Thirty frames of 96 x 64, each brighter, 10 a second; a red top left corner."""
    path = tmp_path_factory.mktemp('videos') / 'counting.avi'
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*'FFV1'), 10, (96, 64))
    for index in range(NUM_FRAMES):
        frame = np.full((64, 96, 3), 8 * index, np.uint8)
        frame[:24, :24] = (0, 0, 250)
        writer.write(frame)
    writer.release()
    return path


@pytest.fixture(scope='session')
def mp4(counting, ffmpeg, tmp_path_factory):
    """The same as H.264."""
    path = tmp_path_factory.mktemp('videos') / 'counting.mp4'
    return ffmpeg('-i', counting, '-c:v', 'libx264', '-pix_fmt', 'yuv420p', path)


@pytest.fixture
def numbers():
    """The numbers that frames tell."""

    def _numbers(frames):
        return [float(frame[-8:, -8:].mean() / 8) for frame in frames]

    return _numbers
