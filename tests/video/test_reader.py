import subprocess
import sys

import numpy as np
import pytest

from dfew_mmaction.video import DecodeError, open_reader, open_video
from dfew_mmaction.video.reader import PyAVReader


@pytest.fixture(scope='module')
def long(counting, ffmpeg, tmp_path_factory):
    """90 frames, a keyframe each 12, B-frames between."""
    path = tmp_path_factory.mktemp('reader') / 'long.mp4'
    return ffmpeg('-stream_loop', '2', '-i', counting, '-c:v', 'libx264', '-bf', '3',
                  '-g', '12', '-x264opts', 'scenecut=0', '-pix_fmt', 'yuv420p',
                  path)  # fmt: skip


def tell(frames):
    return [round(float(frame[-8:, -8:].mean() / 8)) for frame in frames]


@pytest.mark.parametrize('decoder', ['pyav', 'decord', 'auto'])
@pytest.mark.parametrize(
    'indices',
    [[0], [89], range(90), [5, 5, 40, 3, 88, 3], [12, 24, 36], [-1], [70, 71]],
)
def test_frames_by_number(long, decoder, indices):
    reader = open_reader(long, decoder)
    assert isinstance(reader, PyAVReader) == (decoder != 'decord')
    assert len(reader) == 90 and reader.get_avg_fps() == pytest.approx(10)
    if decoder != 'decord' or min(indices) >= 0:
        frames = reader.get_batch(list(indices)).asnumpy()
        assert frames.shape == (len(indices), 64, 96, 3)
        assert tell(frames) == [index % 30 for index in indices]
        assert frames[0, 4:16, 4:16, 0].mean() > 200  # red, in RGB


def test_one_after_the_other(long):
    for decoder in ('pyav', 'decord'):
        reader = open_reader(long, decoder)
        assert tell([reader[31].asnumpy()]) == [1]
        reader.seek(24)
        assert tell([reader.next().asnumpy(), reader.next().asnumpy()]) == [24, 25]
        assert list(reader.get_key_indices())[:3] == [0, 12, 24]


def test_without_decord(long, monkeypatch):
    monkeypatch.setitem(__import__('sys').modules, 'decord', None)
    assert isinstance(open_reader(long), PyAVReader)
    with pytest.raises(ImportError, match='pip install decord'):
        open_reader(long, 'decord')


def test_what_decord_does_not_read_well(long, ffmpeg, tmp_path):
    """Frames that an edit list hides, and MPEG streams."""
    hidden = ffmpeg('-ss', '1', '-i', long, '-c', 'copy', tmp_path / 'hidden.mp4')
    stream = ffmpeg('-i', long, '-c', 'copy', tmp_path / 'stream.ts')
    for path, begin in ((hidden, 10), (stream, 0)):
        reader = open_reader(path)
        assert isinstance(reader, PyAVReader)
        expected = tell(frame for _, frame in open_video(path).frames)
        assert len(reader) == len(expected) and expected[0] == begin
        assert tell(reader.get_batch(range(len(reader))).asnumpy()) == expected
        with pytest.raises(DecodeError, match='cannot be read by decord'):
            open_reader(path, 'decord')


def test_phones(long, ffmpeg, tmp_path):
    path = ffmpeg('-display_rotation', '90', '-i', long, '-c', 'copy',
                  tmp_path / 'turned.mp4')  # fmt: skip
    one, other = (open_reader(path, name)[7].asnumpy() for name in ('pyav', 'decord'))
    assert one.shape == other.shape == (96, 64, 3)
    assert np.abs(one.astype(int) - other).mean() < 2


def test_damage_that_a_codec_conceals(damaged):
    """It is not trained on: neither are the frames that refer to the damaged one."""
    path, bad = damaged
    reader = open_reader(path)
    assert tell(reader.get_batch(range(17)).asnumpy()) == list(range(17))
    for index in bad:
        with pytest.raises(DecodeError, match=rf"frame {index} of '.*damaged"):
            reader.get_batch([0, index])


def test_errors(long, tmp_path):
    reader = open_reader(long, 'pyav')
    with pytest.raises(IndexError):
        reader.get_batch([90])
    with pytest.raises(ValueError, match="got 'opencv'"):
        open_reader(long, 'opencv')
    (tmp_path / 'cut.mp4').write_bytes(long.read_bytes()[:3000])
    for decoder in ('auto', 'pyav', 'decord'):
        with pytest.raises(DecodeError, match='cut off'):
            open_reader(tmp_path / 'cut.mp4', decoder)


def test_all_reads_without_decord(repo, mp4):
    """On Arm there is no decord: nothing imports it, and PyAV takes its place."""
    code = (
        'import sys; sys.modules["decord"] = None\n'
        'import dfew_mmaction.apis, dfew_mmaction.extraction, dfew_mmaction.inference\n'
        'from mmaction.registry import TRANSFORMS\n'
        'from dfew_mmaction.video import open_video\n'
        f'path = {str(mp4)!r}\n'
        'assert len(list(open_video(path).frames)) == 30\n'
        'results = dict(filename=path, start_index=0)\n'
        'for name in ("OpenFaceVideo", "SampleFaceFrames", "DecordDecode"):\n'
        '    results = TRANSFORMS.build(dict(type=name))(results)\n'
        'assert len(results["imgs"]) == 16, len(results["imgs"])\n'
    )
    done = subprocess.run([sys.executable, '-c', code], cwd=repo, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
