"""The analysis of an upload."""

import json
import struct
from pathlib import Path

import cv2
import numpy as np
import pytest

from dfew_mmaction.inference import ExpressionInferencer
from dfew_mmaction.web_demo import Limits, analyze_upload, face_rows
from dfew_mmaction.web_demo.storage import Refused


@pytest.fixture
def inferencer(colors):
    return ExpressionInferencer(colors, detector='none', window=1.0)


@pytest.fixture
def analyze(inferencer, tmp_path):
    (tmp_path / 'home' / 'result').mkdir(parents=True)

    def _analyze(upload, limits=None, **options):
        folder = tmp_path / 'home' / 'result'
        limits = limits or Limits()
        return analyze_upload(
            inferencer, upload, folder, name='me.mp4', limits=limits, **options
        )

    return _analyze


def test_a_video(analyze, video, red_to_blue, tmp_path):
    upload = video(tmp_path / 'upload.mp4', red_to_blue)
    seen = []
    result, files = analyze(upload, on_frame=seen.append)
    assert len(seen) == 40
    assert set(files) == {'annotated.mp4', 'timelines.json'}
    assert all(path.is_file() for path in files.values())
    ((number, seconds, emotion, *shares),) = face_rows(result)
    assert (number, seconds) == (1, '0.0 – 3.9')
    assert emotion == ('red', 'green', 'blue')[int(np.argmax(shares))]
    assert sum(shares) == pytest.approx(1, abs=2e-3)
    # What is served names the video as its sender does, and no place of the server.
    text = files['timelines.json'].read_text()
    assert json.loads(text)['video'] == result.video == 'me.mp4'
    assert str(tmp_path) not in text


def test_no_video(analyze, tmp_path):
    upload = tmp_path / 'holiday.mp4'
    upload.write_bytes(b'\0\0\0\x20ftypisom, or what may be sent' * 99)
    with pytest.raises(Refused, match='The file is not a readable video'):
        analyze(upload)


def test_too_large(analyze, red_to_blue, tmp_path):
    path = str(tmp_path / 'large.avi')
    writer = cv2.VideoWriter(path, cv2.VideoWriter_fourcc(*'FFV1'), 10, (96, 64))
    writer.write(red_to_blue[0])
    writer.release()
    upload = Path(path)
    sizes = [struct.pack('<ii', *size) for size in ((96, 64), (16384, 16384))]
    upload.write_bytes(upload.read_bytes().replace(*sizes))
    with pytest.raises(Refused, match='more than 67 million pixels'):
        analyze(upload)


def test_too_long(analyze, video, red_to_blue, tmp_path):
    upload = video(tmp_path / 'long.mp4', red_to_blue)
    with pytest.raises(Refused, match='is 4 seconds long; the limit is 2 seconds'):
        analyze(upload, Limits(seconds=2))


def test_too_long_without_stating_it(analyze, ffmpeg, video, red_to_blue, tmp_path):
    """As a browser records: a stream whose header has no length."""
    source = video(tmp_path / 'long.mp4', red_to_blue)
    upload = tmp_path / 'recorded.webm'
    ffmpeg('-i', source, '-c:v', 'libvpx', '-live', '1', '-f', 'webm', upload)
    with pytest.raises(Refused, match='the limit is 2 seconds|longer than 2 seconds'):
        analyze(upload, Limits(seconds=2))


@pytest.mark.parametrize('limit', ['megabytes', 'seconds', 'keep_minutes', 'pending'])
@pytest.mark.parametrize('value', [0, -1, float('nan'), float('inf')])
def test_limits_out_of_range(limit, value):
    with pytest.raises(ValueError, match=f'the limit {limit} must be a number above 0'):
        Limits(**{limit: value})
