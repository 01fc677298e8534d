import struct

import cv2
import numpy as np
import pytest

from dfew_mmaction.utils import DecodeError
from dfew_mmaction.video.video_file import clip_lengths, find_videos, open_video_file

DECODERS = ['decord', 'pyav', 'opencv']


@pytest.fixture
def counting(tmp_path):
    """Twelve frames, each brighter than the one before, 10 a second."""
    path = tmp_path / 'counting.mp4'
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*'mp4v'), 10, (128, 96))
    for index in range(12):
        frame = np.full((96, 128, 3), 20 * index, np.uint8)
        frame[:, :64, 0] = 250 - 20 * index  # blue falls on the left
        writer.write(frame)
    writer.release()
    return path


@pytest.mark.parametrize('decoder', [*DECODERS, 'auto'])
def test_all_frames_in_order_in_bgr(counting, decoder):
    video = open_video_file(counting, decoder)
    frames = list(video.frames)
    assert video.fps == pytest.approx(10)
    assert len(frames) == 12
    assert {frame.shape for frame in frames} == {(96, 128, 3)}
    means = [frame[:, 80:].mean() for frame in frames]
    assert means == pytest.approx([20 * i for i in range(12)], abs=4)
    assert frames[0][:, 8:56, 0].mean() == pytest.approx(250, abs=8)
    assert frames[0][:, 8:56, 2].mean() == pytest.approx(0, abs=8)


@pytest.mark.parametrize('decoder', DECODERS)
@pytest.mark.parametrize('quarters', [0, 1, 2, 3])
def test_filmed_on_its_side(tmp_path, counting, decoder, quarters):
    """A phone stores the pixels as they lie, and notes in the header how to turn."""
    content = bytearray(counting.read_bytes())
    matrix = content.index(b'tkhd') + 44
    cos, sin = ((1, 0), (0, 1), (-1, 0), (0, -1))[quarters]
    words = [65536 * value for value in (cos, sin, 0, -sin, cos, 0)]
    content[matrix : matrix + 24] = struct.pack('>6i', *words)
    turned = tmp_path / 'turned.mp4'
    turned.write_bytes(content)
    first = next(open_video_file(turned, decoder).frames)
    # The left half is the blue one; the header turns clockwise.
    stored = next(open_video_file(counting, decoder).frames)
    expected = np.rot90(stored, -quarters)
    assert first.shape == expected.shape
    assert np.abs(first.astype(int) - expected).mean() < 1


@pytest.mark.parametrize('decoder', DECODERS)
def test_cut_without_encoding_anew(tmp_path, counting, decoder):
    """The frames before the cut stay in the file, and no player shows them."""
    av = pytest.importorskip('av')
    cut = tmp_path / 'cut.mp4'
    with (
        av.open(str(counting)) as source,
        av.open(str(cut), 'w', options={'avoid_negative_ts': 'disabled'}) as target,
    ):
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                early = int(0.5 / packet.time_base)
                packet.pts, packet.dts = packet.pts - early, packet.dts - early
                packet.stream = stream
                target.mux(packet)
    means = [frame[:, 80:].mean() for frame in open_video_file(cut, decoder).frames]
    assert means == pytest.approx([20 * i for i in range(5, 12)], abs=4)


@pytest.mark.parametrize('decoder', DECODERS)
def test_what_is_no_video(tmp_path, counting, decoder):
    text = tmp_path / 'text.mp4'
    text.write_text('no video at all')
    empty = tmp_path / 'empty.mp4'
    empty.touch()
    cut = tmp_path / 'cut.mp4'
    cut.write_bytes(counting.read_bytes()[:700])
    for path, says in (
        (tmp_path / 'nothing.mp4', 'nothing.mp4'),
        (text, 'is no video that'),
        (empty, 'is empty'),
        (cut, 'cut.mp4'),
    ):
        with pytest.raises(DecodeError, match=says):
            list(open_video_file(path, decoder).frames)


def test_unknown_decoder(counting):
    with pytest.raises(ValueError, match='decord.*vlc'):
        open_video_file(counting, 'vlc')


def test_find_by_number_then_by_name(tmp_path):
    for name in ('10.mp4', '9.AVI', 'deep/down/b.mkv', 'a.webm', 'notes.md'):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    odd = tmp_path / 'notes.md'
    names = [path.name for path in find_videos([tmp_path, tmp_path / '10.mp4', odd])]
    assert names == ['9.AVI', '10.mp4', 'a.webm', 'b.mkv', 'notes.md']
    (tmp_path / 'list.txt').write_text('a.webm\n\ndeep/down/b.mkv\ngone.mp4\n')
    listed = find_videos([tmp_path / 'list.txt'])
    assert listed == [
        tmp_path / 'a.webm', tmp_path / 'deep/down/b.mkv', tmp_path / 'gone.mp4'
    ]  # fmt: skip
    with pytest.raises(FileNotFoundError, match="'.*gone'"):
        find_videos([tmp_path / 'gone'])
    (tmp_path / 'void').mkdir()
    with pytest.raises(FileNotFoundError, match='no video'):
        find_videos([tmp_path / 'void'])


def test_lengths(tmp_path, counting):
    (tmp_path / 'clips').mkdir()
    counting.rename(tmp_path / 'clips' / '38.mp4')
    (tmp_path / 'clips' / '4.mp4').write_text('broken')
    lengths = clip_lengths(tmp_path / 'clips')
    assert lengths[38] == pytest.approx(1.2)
    assert np.isnan(lengths[4])
