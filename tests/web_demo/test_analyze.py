"""What becomes of an upload."""

import numpy as np
import pytest

from dfew_mmaction.inference import ExpressionInferencer
from dfew_mmaction.utils import DecodeError
from dfew_mmaction.web_demo import Limits, face_rows, look


@pytest.fixture
def inferencer(colors):
    return ExpressionInferencer(colors, detector='none', window=1.0)


def test_a_video(inferencer, video, red_to_blue, tmp_path):
    (tmp_path / 'up').mkdir()
    upload = video(tmp_path / 'up' / 'video.mp4', red_to_blue)
    seen = []
    result, files = look(inferencer, str(upload), Limits(), tmp_path, seen.append)
    assert not upload.exists()
    assert len(seen) == 40
    assert {'annotated.mp4', 'timelines.json'} <= set(files)
    assert all(tmp_path in path.parents and path.is_file() for path in files.values())
    ((number, seconds, emotion, *shares),) = face_rows(result)
    assert (number, seconds) == (1, '0.0 – 3.9')
    assert emotion == ('red', 'green', 'blue')[int(np.argmax(shares))]
    assert sum(shares) == pytest.approx(1, abs=2e-3)


def test_nothing_chosen(inferencer, tmp_path):
    with pytest.raises(ValueError, match='Choose a video first'):
        look(inferencer, None, Limits(), tmp_path)


def test_a_file_of_the_server(inferencer, video, red_to_blue, tmp_path):
    home = tmp_path / 'home'
    home.mkdir()
    other = video(tmp_path / 'other.mp4', red_to_blue)
    for path in (other, home / '..' / 'other.mp4'):
        with pytest.raises(ValueError, match='was not uploaded here'):
            look(inferencer, str(path), Limits(), home)
    assert other.exists()


def test_no_video(inferencer, tmp_path):
    upload = tmp_path / 'holiday.mp4'
    upload.write_bytes(b'GIF89a, or what may be sent' * 99)
    with pytest.raises(DecodeError, match='This is not a video that can be read'):
        look(inferencer, str(upload), Limits(), tmp_path)
    assert not list(tmp_path.iterdir())


def test_too_long(inferencer, video, red_to_blue, tmp_path):
    upload = video(tmp_path / 'long.mp4', red_to_blue)
    message = 'has 4 seconds, at most 2 are taken'
    with pytest.raises(ValueError, match=message):
        look(inferencer, str(upload), Limits(seconds=2), tmp_path)
    assert not upload.exists()


def test_too_long_without_saying_so(inferencer, ffmpeg, video, red_to_blue, tmp_path):
    """As a browser records: a stream whose header has no length."""
    source = video(tmp_path / 'long.mp4', red_to_blue)
    upload = tmp_path / 'recorded.webm'
    ffmpeg('-i', source, '-c:v', 'libvpx', '-live', '1', '-f', 'webm', upload)
    with pytest.raises(ValueError, match='is longer than 2 seconds'):
        look(inferencer, str(upload), Limits(seconds=2), tmp_path)
    assert not upload.exists()
