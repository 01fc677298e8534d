"""A video in which each frame tells its number."""

import av
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


@pytest.fixture(scope='session', params=[
    ('mjpeg', 'avi', 'all'), ('libx264', 'mp4', 'all'), ('libx264', 'mp4', 'tail'),
    ('mpeg4', 'avi', 'tail'),
], ids=lambda param: '-'.join(param))  # fmt: skip
def damaged(request, counting, ffmpeg, tmp_path_factory):
    """A video whose frame 17 is overwritten, and the frames that this damages."""
    codec, suffix, part = request.param
    path = tmp_path_factory.mktemp('damaged') / f'{part}-damaged.{suffix}'
    ffmpeg('-i', counting, '-vf', 'noise=alls=8:allf=t', '-c:v', codec, '-bf', '0',
           '-g', '12', '-sc_threshold', '0', '-pix_fmt',
           'yuvj420p' if codec == 'mjpeg' else 'yuv420p', path)  # fmt: skip
    with av.open(str(path)) as container:
        packets = [packet for packet in container.demux() if packet.size]
        place, size = packets[17].pos, packets[17].size
        end = next(i for i in range(18, 30) if packets[i].is_keyframe)
    content = bytearray(path.read_bytes())
    skipped = size // 2 if part == 'tail' else 0
    content[place + skipped : place + size] = bytes(size - skipped)
    path.write_bytes(content)
    return path, range(17, end)


@pytest.fixture
def numbers():
    """The numbers that frames tell."""

    def _numbers(frames):
        return [float(frame[-8:, -8:].mean() / 8) for frame in frames]

    return _numbers
