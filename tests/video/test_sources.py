"""Folders of frames, arrays, addresses and cameras."""

import functools
import http.server
import itertools
import threading

import cv2
import numpy as np
import pytest

from dfew_mmaction.video import DecodeError, open_video


def test_frames_and_arrays(tmp_path):
    frames = np.zeros((12, 8, 10, 3), np.uint8)
    frames[..., 0] = 20 * np.arange(12)[:, None, None]  # red
    for index, frame in enumerate(frames):
        cv2.imwrite(str(tmp_path / f'{index + 1}.png'), frame[..., ::-1])
    for source in (tmp_path, frames):
        video = open_video(source, fps=4)
        times, read = zip(*video.frames)
        assert times == tuple(i / 4 for i in range(12))
        assert (video.num_frames, video.fps, video.rereadable) == (12, 4, True)
        assert [frame[0, 0, 2] for frame in read] == [20 * i for i in range(12)]


@pytest.fixture
def server(mp4):
    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    here = functools.partial(Handler, directory=mp4.parent)
    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), here)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f'http://127.0.0.1:{server.server_port}'
    server.shutdown()
    server.server_close()


def test_an_address(server, numbers):
    video = open_video(f'{server}/counting.mp4')
    times, frames = zip(*video.frames)
    assert numbers(frames) == pytest.approx(range(30), abs=1)
    assert times == pytest.approx(np.arange(30) / 10, abs=2e-3)
    assert (video.num_frames, video.rereadable, video.codec) == (None, False, 'h264')
    assert video.fps == 10


def test_a_playlist_from_an_address_names_no_local_file(server, mp4):
    text = f'#EXTM3U\n#EXTINF:3,\nfile://{mp4}\n#EXT-X-ENDLIST\n'
    (mp4.parent / 'list.m3u8').write_text(text)
    with pytest.raises(DecodeError, match='list.m3u8'):
        open_video(f'{server}/list.m3u8')


class Camera:
    """Gives some frames and ends."""

    def __init__(self, count):
        self.count, self.released = count, False

    def read(self):
        self.count -= 1
        return self.count >= 0, np.full((4, 6, 3), max(self.count, 0), np.uint8)

    def release(self):
        self.released = True


def test_a_camera():
    camera = Camera(5)
    video = open_video(camera)
    times, frames = zip(*video.frames)
    assert (video.name, video.num_frames, video.rereadable) == ('camera', None, False)
    assert [int(frame[0, 0, 0]) for frame in frames] == [4, 3, 2, 1, 0]
    assert times[0] >= 0 and all(a < b for a, b in itertools.pairwise(times))
    assert camera.released


def test_closed_before_the_end(mp4):
    camera = Camera(5)
    for source in (camera, mp4):
        video = open_video(source)
        assert len(list(itertools.islice(video.frames, 3))) == 3
        video.close()
        assert not list(video.frames)
    assert camera.released


def test_what_is_no_source(tmp_path):
    (tmp_path / 'broken').mkdir()
    (tmp_path / 'broken' / '1.jpg').write_text('no picture')
    for source, message in (
        (tmp_path / 'broken', "1.jpg' is not a picture"),
        (77, "'camera 77' does not exist"),
        (Camera(0), "'camera' does not exist, is in use, or gives no frame"),
        ('http://127.0.0.1:9/video.mp4', r"9/video.mp4' cannot be opened \(Connection"),
        ('file:///etc/passwd', "passwd' cannot be opened: expected an address that"),
        ('concat://a', "'concat://a' cannot be opened: expected an address that"),
    ):
        with pytest.raises(DecodeError, match=message):
            list(open_video(source).frames)
    with pytest.raises(ValueError, match=r'uint8 of shape \(T, H, W, 3\).*float64'):
        open_video(np.zeros((3, 4, 4, 3)))
    with pytest.raises(ValueError, match=r'an object with read\(\), got list'):
        open_video([1, 2])
