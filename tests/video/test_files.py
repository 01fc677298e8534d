"""Containers, codecs, timings and damages, each made by ffmpeg, by all decoders."""

import os
import re
import socket
import struct
import zlib
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from dfew_mmaction.video import DecodeError, inspect_container, open_reader, open_video
from dfew_mmaction.video.file_checks import truncation

DECODERS = ('pyav', 'decord', 'opencv')
X264 = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p']
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


@pytest.fixture
def memory():
    """Bytes by which the peak of this process has grown."""
    resource = pytest.importorskip('resource')

    def peak():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

    before = peak()
    return lambda: peak() - before


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


@pytest.mark.parametrize('decoder', DECODERS)
@pytest.mark.parametrize('turn, corner', [(90, 'below'), (-90, 'right'), (180, 'both')])
def test_a_phone_held_sideways(mp4, ffmpeg, tmp_path, decoder, turn, corner):
    """The pixels are stored as they lie; the header says how to turn them."""
    path = tmp_path / 'turned.mp4'
    ffmpeg('-display_rotation', turn, '-i', mp4, '-c', 'copy', path)
    _, frame = next(open_video(path, decoder).frames)
    assert frame.shape == ((64, 96, 3) if turn == 180 else (96, 64, 3))
    rows = slice(-16, None) if corner in ('below', 'both') else slice(16)
    columns = slice(-16, None) if corner in ('right', 'both') else slice(16)
    assert frame[rows, columns, 2].mean() > 200  # red


@pytest.mark.parametrize('turn', [0, 90])
def test_a_mirrored_picture(mp4, ffmpeg, tmp_path, turn):
    path = tmp_path / 'mirrored.mp4'
    turned = ('-display_rotation', turn) if turn else ()
    ffmpeg('-display_hflip', *turned, '-i', mp4, '-c', 'copy', path)
    _, frame = next(open_video(path).frames)
    rows = slice(-16, None) if turn else slice(16)
    assert frame[rows, -16:, 2].mean() > 200  # red
    for decoder in ('decord', 'opencv'):
        with pytest.raises(DecodeError, match=f'{decoder} .it is stored mirrored'):
            open_video(path, decoder)


def test_interlaced_pictures_are_deinterlaced(counting, ffmpeg, tmp_path):
    """The lines of two frames, one after the other."""
    path = tmp_path / 'lines.mp4'
    ffmpeg('-i', counting, '-vf', 'tinterlace=interleave_top,setfield=tff', *X264,
           '-flags', '+ilme+ildct', '-x264opts', 'tff=1', '-crf', '5',
           path)  # fmt: skip

    def combing(frame):
        return np.abs(np.diff(frame[-16:, -16:].astype(int), axis=0)).mean()

    with av.open(str(path)) as container:
        stored = [f.to_ndarray(format='bgr24') for f in container.decode(video=0)]
    times, frames = zip(*open_video(path).frames)
    assert len(stored) == len(frames) == 15
    assert times == pytest.approx(np.arange(15) / 5, abs=2e-3)
    assert combing(stored[8]) > 5 and combing(frames[8]) < 1


def pq(code):
    """Light of a code value as a share of white (203 cd/m²): SMPTE ST 2084."""
    power = code ** (1 / 78.84375)
    return 10000 / 203 * (
        (power - 0.8359375) / (18.8515625 - 18.6875 * power)
    ) ** (1 / 0.1593017578125)  # fmt: skip


def hlg(code):
    """Light as a share of white, code value 0.75, of a screen of 1000 cd/m²."""
    if code <= 0.5:
        scene = code**2 / 3
    else:
        scene = (np.exp((code - 0.55991073) / 0.17883277) + 0.28466892) / 12
    return 1000 / 203 * scene**1.2


@pytest.mark.parametrize(
    'name, light, grey', [('smpte2084', pq, 0.45), ('arib-std-b67', hlg, 0.55)]
)
def test_hdr_is_converted(ffmpeg, tmp_path, name, light, grey):
    level = hex(round(255 * grey))[2:]
    path = ffmpeg(
        '-f', 'lavfi', '-i', f'color=0x{level * 3}:size=96x64:rate=10:duration=0.3',
        '-vf', f'setparams=color_primaries=bt2020:color_trc={name}:colorspace=bt2020nc',
        '-c:v', 'libx264', '-pix_fmt', 'yuv420p10le', tmp_path / 'hdr.mp4',
    )  # fmt: skip
    with av.open(str(path)) as container:
        frame = next(container.decode(video=0))
        code = (int(np.frombuffer(frame.planes[0], np.uint16)[0]) - 64) / 876
    shown = 255 * min(light(code), 1) ** (1 / 2.4)  # ITU-R BT.1886
    frames = [frame for _, frame in open_video(path).frames]
    assert len(frames) == 3 and frames[0].shape == (64, 96, 3)
    assert frames[0].mean() == pytest.approx(shown, abs=3)
    for decoder in ('decord', 'opencv'):
        with pytest.raises(DecodeError, match=f'{decoder} .it is in HDR'):
            open_video(path, decoder)
    with pytest.raises(DecodeError, match='is in HDR: convert it'):
        open_reader(path)


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


def _fifo(path):
    os.mkfifo(path)


def _socket(path):
    socket.socket(socket.AF_UNIX).bind(str(path))


NO_VIDEOS = {
    'text.mp4': ('no video at all\n' * 50, 'is not a video'),
    'photo.jpg': ('\x89PNG or so' * 9, 'is a picture, not a video'),
    'text.txt': ('a film in words\n' * 50, 'is not a video'),
    'art.ans': ('\x1b[31mred\x1b[0m\n' * 50, 'is not a video'),
    'empty.mp4': ('', 'is empty'),
    'concat.mp4': ("ffconcat version 1.0\nfile '{}'\n", 'is a playlist'),
    'list.m3u8': ('#EXTM3U\n#EXTINF:3,\n{}\n#EXT-X-ENDLIST\n', 'is a playlist'),
    'concat.txt': ("file '{}'\n", 'is not a video'),
    'dash.mpd': ('<?xml version="1.0"?><MPD><BaseURL>{}</BaseURL></MPD>', 'a playlist'),
    'call.sdp': ('v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\n', 'a playlist'),
    'pipe.mp4': (_fifo, 'is a pipe, device or socket'),
    'socket.mp4': (_socket, 'is a pipe, device or socket'),
    'gone.mp4': (None, 'No such file'),
}


@pytest.mark.parametrize('name', NO_VIDEOS)
def test_what_is_no_video(name, mp4, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # a socket's path is short
    content, message = NO_VIDEOS[name]
    if isinstance(content, str):
        text = content.replace('{}', str(mp4))
        Path(name).write_text(text, encoding='latin-1')
    elif content is not None:
        content(Path(name))
    for decoder in (*DECODERS, 'auto'):
        with pytest.raises(DecodeError, match=f"{name}'.*{message}"):
            open_video(name, decoder)


def test_devices_and_folders(tmp_path):
    with pytest.raises(DecodeError, match="'/dev/zero' is a pipe, device or socket"):
        open_video('/dev/zero')
    with pytest.raises(DecodeError, match='has no frame'):
        open_video(tmp_path)


def test_sound_alone_and_no_frame(ffmpeg, tmp_path, counting):
    sound = ffmpeg('-f', 'lavfi', '-i', 'sine=440:duration=1', tmp_path / 'sound.m4a')
    with pytest.raises(DecodeError, match='has no video, only other streams'):
        open_video(sound)
    cover = ffmpeg('-i', counting, '-frames:v', '1', tmp_path / 'cover.jpg')
    song = tmp_path / 'song.m4a'
    ffmpeg('-i', sound, '-i', cover, '-map', '0', '-map', '1', '-c', 'copy',
           '-disposition:v:0', 'attached_pic', song)  # fmt: skip
    with pytest.raises(DecodeError, match='has no video, only other streams'):
        open_video(song)
    none = ffmpeg('-i', counting, '-frames:v', '0', '-c:v', 'mpeg4',
                  tmp_path / 'none.avi')  # fmt: skip
    with pytest.raises(DecodeError, match="none.avi' (has no frame|is not a video)"):
        open_video(none)


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


@pytest.mark.parametrize('suffix', ['mp4', 'mkv', 'avi', 'flv', 'wmv'])
def test_data_after_the_end_is_no_damage(suffix, counting, ffmpeg, tmp_path):
    """Some cameras append data of their own."""
    codec = {'flv': 'flv', 'wmv': 'wmv2'}.get(suffix, 'mpeg4')
    path = ffmpeg('-i', counting, '-c:v', codec, tmp_path / f'more.{suffix}')
    with open(path, 'ab') as file:
        file.write(b'SEFT and more' * 20)
    assert truncation(path) == ''
