"""Videos that are cut off, damaged or declare sizes that they do not have."""

import re
import struct
import zlib

import cv2
import numpy as np
import pytest
from videos import DECODERS

from dfew_mmaction.video import DecodeError, open_reader, open_video
from dfew_mmaction.video.file_checks import truncation


@pytest.fixture
def memory():
    """Bytes by which the peak of this process has grown."""
    resource = pytest.importorskip('resource')

    def peak():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

    before = peak()
    return lambda: peak() - before


# Made from the first file, by what is done to its bytes; and what is said of it.
CUT = {
    'mp4': (['-movflags', '+faststart'], 0.6), 'mov': ([], 0.6), 'mkv': ([], 0.6),
    'webm': (['-c:v', 'libvpx', '-b:v', '1M'], 0.6), 'avi': ([], 0.6),
    'wmv': (['-c:v', 'wmv2'], 0.6), 'flv': (['-c:v', 'flv'], 0.6),
    'ogv': (['-c:v', 'libtheora'], 0.6), 'ts': ([], 0.605),
    'live.webm': (['-c:v', 'libvpx', '-b:v', '1M', '-live', '1'], 0.6),
    'fragments.mp4': (['-g', '8', '-movflags', 'frag_keyframe+empty_moov'], 0.6),
}  # fmt: skip


@pytest.mark.parametrize('suffix', CUT)
def test_cut_off(suffix, counting, ffmpeg, tmp_path):
    arguments, keep = CUT[suffix]
    intact = tmp_path / f'intact.{suffix}'
    noise = ['-vf', 'noise=alls=40:allf=t']  # files that are not too small to cut
    ffmpeg('-i', counting, *noise, '-pix_fmt', 'yuv420p', *arguments, intact)
    for decoder in DECODERS:
        if decoder != 'decord' or suffix not in ('live.webm', 'ogv', 'ts'):
            assert len(list(open_video(intact, decoder).frames)) == 30
    content = intact.read_bytes()
    path = tmp_path / f'cut.{suffix}'
    path.write_bytes(content[: int(keep * len(content))])
    for decoder in (*DECODERS, 'auto'):
        with pytest.raises(DecodeError, match=f"cut.{suffix}' (is cut off|has no ind)"):
            open_video(path, decoder)
    if suffix != 'mov':  # its index was at the end
        video = open_video(path, allow_damaged=True)
        assert 5 < len(list(video.frames)) < 30
        assert 'is cut off' in video.damage


def test_damaged_in_the_middle(damaged):
    """A frame that cannot be decoded shows when the last one was read."""
    path, bad = damaged
    for decoder in DECODERS:
        if decoder != 'pyav' and 'tail' in path.name:
            continue  # they do not notice it
        with pytest.raises(DecodeError, match='is damaged: [0-9]+ of 30'):
            list(open_video(path, decoder).frames)
        video = open_video(path, decoder, allow_damaged=True)
        count = len(list(video.frames))
        assert f'{count} of 30 frames' in video.damage
        assert count == 30 - len(bad) or decoder == 'opencv'


def test_sizes_that_a_file_declares(counting, ffmpeg, tmp_path, memory):
    """No memory is taken for frames of gigabytes, wherever their size is stored."""
    wide = tmp_path / 'wide.avi'
    content = counting.read_bytes().replace(
        struct.pack('<ii', 96, 64), struct.pack('<ii', 16384, 16000)
    )
    wide.write_bytes(content)
    large = ffmpeg('-f', 'lavfi', '-i', 'color=black:s=9000x8192', '-frames:v', '1',
                   '-c:v', 'zmbv', '-pix_fmt', 'gray',
                   tmp_path / 'large.avi')  # fmt: skip
    for path in (wide, large):
        for decoder in (*DECODERS, 'auto'):
            with pytest.raises(DecodeError, match='more than 67 million pixels'):
                open_video(path, decoder, allow_damaged=True)
        with pytest.raises(DecodeError, match='not known before decoding'):
            open_reader(path, 'decord')
        with pytest.raises(DecodeError, match='frame 0 of .* cannot be decoded'):
            open_reader(path).get_batch([0])
    folder = tmp_path / 'frames'
    folder.mkdir()
    picture = cv2.imencode('.png', np.zeros((8, 8), np.uint8))[1].tobytes()
    for size, message in (
        ((9000, 8192), 'has 9000 x 8192 pixels'), ((30000, 30000), 'has too many pix'),
    ):  # fmt: skip
        header = struct.pack('>4sII', b'IHDR', *size) + picture[24:29]
        sealed = header + struct.pack('>I', zlib.crc32(header))
        (folder / '1.png').write_bytes(picture[:12] + sealed + picture[33:])
        with pytest.raises(DecodeError, match=f"1.png' {message}"):
            list(open_video(folder).frames)
    assert memory() < 100e6


def test_a_frame_larger_than_the_header_says(counting, ffmpeg, tmp_path):
    path = ffmpeg('-i', counting, '-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p',
                  tmp_path / 'grows.avi')  # fmt: skip
    parts = re.split(rb'(?<=\xff\xc0\x00\x11\x08)', path.read_bytes())
    parts[20] = struct.pack('>HH', 16384, 16384) + parts[20][4:]
    path.write_bytes(b''.join(parts))
    for decoder in DECODERS:
        with pytest.raises(DecodeError, match='is damaged: [0-9]+ of 30'):
            list(open_video(path, decoder).frames)


@pytest.mark.parametrize('suffix', ['mp4', 'mkv', 'avi', 'flv', 'wmv'])
def test_data_after_the_end_is_no_damage(suffix, counting, ffmpeg, tmp_path):
    """Some cameras append data of their own."""
    codec = {'flv': 'flv', 'wmv': 'wmv2'}.get(suffix, 'mpeg4')
    path = ffmpeg('-i', counting, '-c:v', codec, tmp_path / f'more.{suffix}')
    with open(path, 'ab') as file:
        file.write(b'SEFT and more' * 20)
    assert truncation(path) == ''
