"""Frames as a player shows them: rotated, deinterlaced, converted from HDR."""

import av
import numpy as np
import pytest
from videos import DECODERS, X264

from dfew_mmaction.video import DecodeError, open_reader, open_video


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
