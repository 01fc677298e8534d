"""Containers, codecs and timings, each made by ffmpeg, by all decoders."""

import os
from pathlib import Path

import numpy as np
import pytest
from videos import DECODERS, X264

from dfew_mmaction.video import DecodeError, inspect_container, open_video

SINE = ['-f', 'lavfi', '-i', 'sine=440:duration={}', '-c:a', 'aac']
ALL = list(range(30))


def case(name, *arguments, sound=0, frames=ALL, times=None, shift=0.0, only=DECODERS,
         shape=(64, 96), before=()):  # fmt: skip
    """One row of the table; ``times`` are in tenths of a second, 0, 1, … by default."""
    times = np.array(ALL[: len(frames)] if times is None else times) / 10
    row = (name, before, arguments, sound, frames, times, shift, only, shape)
    return pytest.param(*row, id=Path(name).stem)


TABLE = [
    case('h264.mp4', *X264),
    case('b_frames.mkv', *X264, '-bf', '3'),
    case('faststart.mov', *X264, '-movflags', '+faststart'),
    case('fragments.mp4', *X264, '-bf', '0', '-g', '8', '-movflags',
         'frag_keyframe+empty_moov+default_base_moof'),
    case('hevc.mp4', '-c:v', 'libx265', '-x265-params', 'log-level=none'),
    case('av1.mp4', '-c:v', 'libaom-av1', '-cpu-used', '8', only=('pyav',)),
    case('av1.webm', '-c:v', 'libsvtav1', '-preset', '12', '-svtav1-params',
         'lp=1', only=('pyav',)),
    case('vp8.webm', '-c:v', 'libvpx', '-pix_fmt', 'yuv420p', '-b:v', '1M',
         '-auto-alt-ref', '1', '-lag-in-frames', '16'),
    case('vp9.webm', '-c:v', 'libvpx-vp9', '-pix_fmt', 'yuv420p', '-b:v', '1M'),
    case('theora.ogv', '-c:v', 'libtheora', '-pix_fmt', 'yuv420p', '-q:v', '9',
         only=('pyav', 'opencv')),
    case('mpeg4.avi', '-c:v', 'mpeg4', '-q:v', '2', '-bf', '2', shift=None),
    case('mjpeg.avi', '-c:v', 'mjpeg', '-q:v', '2', '-pix_fmt', 'yuvj420p'),
    case('lossless.mkv', '-c:v', 'ffv1'),
    case('prores.mov', '-c:v', 'prores_ks'),
    case('ten_bits.mkv', '-c:v', 'libx264', '-pix_fmt', 'yuv422p10le'),
    case('grey.mp4', '-c:v', 'libx264', '-pix_fmt', 'gray'),
    case('mpeg1.mpg', '-c:v', 'mpeg1video', '-q:v', '2', '-r', '25', '-frames:v', '30',
         before=('-r', '25'), times=np.arange(30) * 0.4, shift=None,
         only=('pyav', 'opencv')),
    case('mpeg2.vob', '-c:v', 'mpeg2video', '-q:v', '2', '-r', '25', '-f', 'vob',
         '-frames:v', '30', before=('-r', '25'), times=np.arange(30) * 0.4, shift=None,
         only=('pyav', 'opencv')),
    case('broadcast.ts', *X264, shift=None, only=('pyav', 'opencv')),
    case('camcorder.mts', *X264, '-f', 'mpegts', '-mpegts_m2ts_mode', '1', shift=None,
         only=('pyav', 'opencv')),
    case('wmv2.wmv', '-c:v', 'wmv2', '-q:v', '2', shift=None),
    case('flash.flv', '-c:v', 'flv', '-q:v', '2', shift=None),
    case('phone.3gp', '-c:v', 'libx264', '-pix_fmt', 'yuv420p'),
    case('stream.h264', *X264, '-bsf:v', 'h264_mp4toannexb', only=('pyav', 'opencv'),
         times=np.arange(30) * 0.4),
    case('10:30.mp4', *X264),
    case('name of 50% & more.mp4', *X264),
    # Timings.
    case('late.mp4', *X264, '-bf', '0', sound=4, before=('-itsoffset', '1.5'),
         shift=1.5),
    case('late.mkv', *X264, sound=4, before=('-itsoffset', '1.5'), shift=1.5),
    case('long_sound.mkv', *X264, sound=30, only=('pyav', 'opencv')),
    case('long_sound.webm', '-c:v', 'libvpx', '-pix_fmt', 'yuv420p', '-b:v', '1M',
         '-c:a', 'libopus', sound=30),
    case('variable.mp4', *X264, '-vf', "select='lt(n,15)+not(mod(n,3))'", '-fps_mode',
         'vfr', frames=[*range(15), 15, 18, 21, 24, 27],
         times=[*range(15), 15, 18, 21, 24, 27]),
    case('variable.mkv', *X264, '-vf', "select='lt(n,15)+not(mod(n,3))'", '-fps_mode',
         'vfr', frames=[*range(15), 15, 18, 21, 24, 27],
         times=[*range(15), 15, 18, 21, 24, 27]),
    case('one_frame.mp4', *X264, '-frames:v', '1', frames=[0]),
    case('interlaced.mp4', '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-flags',
         '+ilme+ildct', '-x264opts', 'tff=1', '-vf', 'setfield=tff',
         only=('pyav',)),
    case('odd_size.mp4', '-vf', 'crop=95:63:1:1', '-c:v', 'libx264', '-pix_fmt',
         'yuv444p', shape=(63, 95)),
    case('wide_pixels.mp4', *X264, '-vf', 'setsar=2', shape=(64, 192)),
    case('tall_pixels.mkv', *X264, '-vf', 'setsar=1/2', shape=(128, 96)),
    case('negative.mkv', *X264, '-output_ts_offset', '-1', '-avoid_negative_ts',
         'disabled', shift=None, only=('pyav', 'opencv')),
    # Other contents of the file.
    case('two_angles.mkv', *X264, '-map', '0:v', '-map', '0:v', '-filter:v:1',
         'negate', '-disposition:v:1', '0', only=('pyav',)),
    case('alpha.webm', '-vf', 'format=yuva420p', '-c:v', 'libvpx-vp9', '-b:v', '1M'),
    case('alpha.mov', '-c:v', 'qtrle', '-pix_fmt', 'argb'),
    case('loop.gif', only=('pyav', 'opencv')),
    case('loop.apng', '-f', 'apng', only=('pyav', 'opencv')),
]  # fmt: skip


@pytest.fixture(scope='module')
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp('table')


@pytest.mark.parametrize(
    'name, before, arguments, sound, frames, times, shift, only, shape', TABLE
)
def test_table(
    name, before, arguments, sound, frames, times, shift, only, shape, counting,
    ffmpeg, folder, numbers,
):  # fmt: skip
    audio = [part.format(sound) for part in SINE] if sound else []
    ffmpeg(*audio[:4], *before, '-i', counting, *audio[4:], *arguments,
           f'file:{folder / name}')  # fmt: skip
    path = folder / name
    if shift is None:  # the muxer chooses when the picture starts
        shift = inspect_container(path).times[0]
        assert 0 <= shift < 0.2
    times = times + shift
    for decoder in DECODERS:
        if decoder not in only:
            with pytest.raises(DecodeError, match=f'cannot be decoded by {decoder}'):
                open_video(path, decoder)
            continue
        video = open_video(path, decoder)
        assert (video.name, video.decoder) == (str(path), decoder)
        assert video.rereadable and not video.damage
        assert video.num_frames == len(frames)
        got, pictures = zip(*video.frames)
        assert got == pytest.approx(times, abs=2e-3), decoder
        assert numbers(pictures) == pytest.approx(frames, abs=1), decoder
        assert {picture.shape for picture in pictures} == {(*shape, 3)}
        corner = pictures[0][4:16, 4:16].mean(axis=(0, 1))
        if 'gray' not in arguments:
            assert corner == pytest.approx([0, 0, 250], abs=30), decoder
    auto = open_video(path)
    assert auto.decoder == 'pyav'
    auto.close()


def test_a_name_that_is_not_utf8(mp4, tmp_path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b'/\xff.mp4'))
    try:
        path.write_bytes(mp4.read_bytes())
    except OSError:
        pytest.skip('the file system has UTF-8 names only')
    assert len(list(open_video(path).frames)) == 30
    for decoder in ('decord', 'opencv'):
        with pytest.raises(DecodeError, match='its name is not UTF-8'):
            open_video(path, decoder)


@pytest.mark.parametrize('decoder', DECODERS)
def test_an_edit_list(mp4, ffmpeg, tmp_path, decoder, numbers):
    """The frames before the cut stay in the file, and no player shows them."""
    path = ffmpeg('-ss', '0.7', '-i', mp4, '-c', 'copy', tmp_path / 'cut.mp4')
    video = open_video(path, decoder)
    times, frames = zip(*video.frames)
    assert video.num_frames == 23
    assert numbers(frames) == pytest.approx(range(7, 30), abs=1)
    assert times == pytest.approx(np.arange(23) / 10, abs=2e-3)


def test_which_decoder(mp4, monkeypatch):
    with pytest.raises(ValueError, match="pyav.*decord.*opencv.*got 'vlc'"):
        open_video(mp4, 'vlc')
    monkeypatch.setitem(__import__('sys').modules, 'decord', None)
    with pytest.raises(ImportError, match='pip install decord'):
        open_video(mp4, 'decord')
    assert len(list(open_video(mp4).frames)) == 30


def test_the_codec_and_the_remedy_are_named(counting, ffmpeg, tmp_path):
    path = ffmpeg('-i', counting, '-c:v', 'libaom-av1', '-cpu-used', '8', '-frames:v',
                  '3', tmp_path / 'av1.mkv')  # fmt: skip
    with pytest.raises(
        DecodeError, match='av1 video.*decord.*the decoder auto.*libx264'
    ):
        open_video(path, 'decord')
