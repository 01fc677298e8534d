import functools
import http.server
import itertools
import threading

import cv2
import numpy as np
import pytest

from dfew_mmaction.utils import DecodeError
from dfew_mmaction.video.stream import open_stream


@pytest.fixture(scope='module')
def counting(tmp_path_factory):
    """Thirty frames of 96 x 64, each brighter, 10 a second; a red top left corner."""
    path = tmp_path_factory.mktemp('videos') / 'counting.mp4'
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*'mp4v'), 10, (96, 64))
    for index in range(30):
        frame = np.full((64, 96, 3), 8 * index, np.uint8)
        frame[:24, :24] = (0, 0, 250)
        writer.write(frame)
    writer.release()
    return path


def brightness(frames):
    return [frame[-8:, -8:].mean() / 8 for frame in frames]


def test_a_video(counting):
    stream = open_stream(counting)
    assert (stream.fps, stream.num_frames, stream.again) == (10, 30, True)
    assert stream.name == str(counting)
    times, frames = zip(*stream.frames)
    assert times == pytest.approx([i / 10 for i in range(30)], abs=1e-3)
    assert brightness(frames) == pytest.approx(range(30), abs=0.6)
    assert frames[0][:16, :16].mean(axis=(0, 1)) == pytest.approx([0, 0, 250], abs=25)


def test_a_variable_frame_rate(counting, ffmpeg, tmp_path):
    """The second half at a third of the rate: the times are the file's."""
    kept = "select='lt(n,15)+not(mod(n,3))'"
    path = ffmpeg('-i', counting, '-vf', kept, '-fps_mode', 'vfr', tmp_path / 'v.mp4')
    times, frames = zip(*open_stream(path).frames)
    expected = [*range(15), 15, 18, 21, 24, 27]
    assert times == pytest.approx([i / 10 for i in expected], abs=2e-3)
    assert brightness(frames) == pytest.approx(expected, abs=0.6)


@pytest.mark.parametrize('turn, corner', [(90, 'below'), (-90, 'right'), (180, 'both')])
def test_a_video_by_a_telephone_is_upright(counting, ffmpeg, tmp_path, turn, corner):
    """The pixels lie as before; only the file's metadata says how to show them."""
    path = tmp_path / 'turned.mp4'
    ffmpeg('-display_rotation', turn, '-i', counting, '-c', 'copy', path)
    _, frame = next(open_stream(path).frames)
    assert frame.shape == ((64, 96, 3) if turn == 180 else (96, 64, 3))
    rows = slice(-16, None) if corner in ('below', 'both') else slice(16)
    columns = slice(-16, None) if corner in ('right', 'both') else slice(16)
    assert frame[rows, columns, 2].mean() > 200  # red


def test_frames_and_arrays(tmp_path):
    frames = np.zeros((12, 8, 10, 3), np.uint8)
    frames[..., 0] = 20 * np.arange(12)[:, None, None]  # red
    for index, frame in enumerate(frames):
        cv2.imwrite(str(tmp_path / f'{index + 1}.png'), frame[..., ::-1])
    for source in (tmp_path, frames):
        stream = open_stream(source, fps=4)
        times, read = zip(*stream.frames)
        assert times == tuple(i / 4 for i in range(12)) and stream.num_frames == 12
        assert [frame[0, 0, 2] for frame in read] == [20 * i for i in range(12)]


def test_an_address(counting):
    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    here = functools.partial(Handler, directory=counting.parent)
    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), here)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        stream = open_stream(f'http://127.0.0.1:{server.server_port}/counting.mp4')
        assert len(list(stream.frames)) == 30 and not stream.again
    finally:
        server.shutdown()
        server.server_close()


def test_one_frame_at_a_time(counting):
    frames = open_stream(counting).frames
    assert len(list(itertools.islice(frames, 3))) == 3
    frames.close()


def test_what_is_no_video(tmp_path, counting):
    (tmp_path / 'text.mp4').write_text('no video')
    (tmp_path / 'empty.mp4').touch()
    (tmp_path / 'list.mp4').write_text(f"ffconcat version 1.0\nfile '{counting}'\n")
    (tmp_path / 'folder').mkdir()
    (tmp_path / 'broken').mkdir()
    (tmp_path / 'broken' / '1.jpg').write_text('no picture')
    (tmp_path / 'head.mp4').write_bytes(counting.read_bytes()[:500])
    for source, says in (
        (tmp_path / 'text.mp4', "text.mp4' is no video that OpenCV reads"),
        (tmp_path / 'list.mp4', "list.mp4' is a list of other files"),
        (tmp_path / 'empty.mp4', "empty.mp4' is empty"),
        (tmp_path / 'head.mp4', "head.mp4' is no video"),
        (tmp_path / 'gone.mp4', "gone.mp4' .No such file"),
        (tmp_path / 'folder', "folder' has no frame"),
        (tmp_path / 'broken', "1.jpg' is no picture"),
        (77, "'camera 77' is no video"),
        ('http://127.0.0.1:9/video.mp4', "'http://127.0.0.1:9/video.mp4' is no video"),
    ):
        with pytest.raises(DecodeError, match=says):
            list(open_stream(source).frames)
    with pytest.raises(ValueError, match=r'uint8 of shape \(T, H, W, 3\).*float64'):
        open_stream(np.zeros((3, 4, 4, 3)))
