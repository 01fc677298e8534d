"""One video to one clip, called in this process."""

import tracemalloc

import cv2
import numpy as np
import pytest

from dfew_mmaction.extraction import ExtractionSettings, extract_faces
from dfew_mmaction.extraction.clip_files import clip_paths
from dfew_mmaction.extraction.extract import extract_video

NONE = dict(type='none')


@pytest.fixture
def video(tmp_path):
    """Writes a video of some frames; the left half gets darker with time."""

    def _video(count, name='video.mp4', size=(64, 48)):
        path = tmp_path / name
        kind = cv2.VideoWriter_fourcc(*('XVID' if path.suffix == '.avi' else 'mp4v'))
        writer = cv2.VideoWriter(str(path), kind, 25, size)
        for index in range(count):
            frame = np.full((size[1], size[0], 3), 200, np.uint8)
            frame[:, : size[0] // 2] = 200 - 150 * index // count
            writer.write(frame)
        writer.release()
        return str(path)

    return _video


def test_a_long_video_is_never_in_memory(video, tmp_path):
    how = ExtractionSettings(detector=NONE, size=512, num_frames=2)
    path, frame = video(240), 512 * 512 * 3
    tracemalloc.start()
    (row,) = extract_video(path, 1, str(tmp_path / 'out'), how.to_json())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert row['kept'] and row['useful'] == 240
    assert 16 * frame < peak < 130 * frame


def test_what_a_stop_left_is_removed(video, tmp_path):
    out = tmp_path / 'out'
    how = ExtractionSettings(detector=NONE, avi=True)
    for path in clip_paths(out, 7, how).values():
        part = path.with_name(f'.part-{path.name}')
        part.parent.mkdir(parents=True)
        if path.suffix:
            part.write_bytes(b'half')
        else:
            part.mkdir()
            (part / '1.jpg').write_bytes(b'half')
    (row,) = extract_video(video(9), 7, str(out), how.to_json())
    assert row['kept'] and set(row['seconds']) == {'detect', 'align', 'write'}
    assert not list(out.rglob('.*'))
    assert len(list((out / 'Clip' / 'clip_224x224' / '00007').iterdir())) == 9


def test_each_frame_under_its_number(video, tmp_path):
    """Also past those that are in memory at a time, and where some have no face."""
    points, out = tmp_path / 'points', tmp_path / 'out'
    points.mkdir()
    there = [number for number in range(50) if number % 5]
    header = 'frame,' + ','.join(f'x{i},y{i}' for i in range(1, 6))
    rows = [f'{number},9,15,23,15,16,25,10,35,22,35' for number in there]
    (points / 'video.csv').write_text('\n'.join([header, *rows]))
    detector = dict(type='landmarks_file', folder=str(points))
    how = ExtractionSettings(detector=detector, num_frames=4)
    (row,) = extract_video(video(50), 3, str(out), how.to_json())
    assert row['kept'] and (row['frames'], row['useful']) == (50, 40)
    paths = clip_paths(out, 3, how)
    frames = sorted(paths['frames'].iterdir())
    assert [path.name for path in frames] == [f'00003_{n + 1:05d}.jpg' for n in there]
    shades = [cv2.imread(str(path))[60:160, 60:140].mean() for path in frames]
    assert shades == pytest.approx([200 - 150 * n // 50 for n in there], abs=4)
    ends = [cv2.imread(str(paths['interpolated'] / f'{n}.jpg')) for n in (1, 4)]
    for end, frame in zip(ends, (frames[0], frames[-1])):
        assert np.abs(end.astype(int) - cv2.imread(str(frame))).mean() < 1


SHOTS = [(0, 20), (1, 15), (2, 5), (3, 20)]


@pytest.fixture
def cut_video(tmp_path):
    """Four shots, one too short for a clip, each with its shade of grey."""
    path = tmp_path / '12.avi'
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*'FFV1'), 25, (64, 48))
    for shade, count in SHOTS:
        for _ in range(count):
            writer.write(np.full((48, 64, 3), 30 + 60 * shade, np.uint8))
    writer.release()
    return str(path)


def test_each_shot_is_a_clip(cut_video, tmp_path):
    out = tmp_path / 'out'
    settings = ExtractionSettings(detector=NONE, on_cuts='split', num_frames=4)
    rows = extract_video(cut_video, 12, str(out), settings.to_json())
    assert [row['clip'] for row in rows] == [1000012, 2000012, 3000012, 4000012]
    assert [row['shot'] for row in rows] == [1, 2, 3, 4]
    assert [(row['start'], row['frames']) for row in rows] == [
        (0, 20), (20, 15), (35, 5), (40, 20)
    ]  # fmt: skip
    assert [row['kept'] for row in rows] == [True, True, False, True]
    assert rows[2]['reason'] == 'a shot of 5 frames, fewer than 11'
    for row in rows:
        assert row['cuts'] == 0 and row['video'] == cut_video
        paths = clip_paths(out, row['clip'], settings)
        if not row['kept']:
            assert not any(path.exists() for path in paths.values())
            continue
        frames = sorted(paths['frames'].iterdir())
        first = f'{row["clip"]:05d}_{row["start"] + 1:05d}.jpg'
        assert len(frames) == row['frames'] and frames[0].name == first
        shade = 30 + 60 * (row['shot'] - 1)
        for path in (frames[0], frames[-1], paths['interpolated'] / '4.jpg'):
            middle = cv2.imread(str(path))[80:140, 80:140]
            assert middle.mean() == pytest.approx(shade, abs=2)


@pytest.mark.parametrize('on_cuts', ['keep', 'drop'])
def test_a_video_with_cuts_as_one_clip_or_none(cut_video, tmp_path, on_cuts):
    out = tmp_path / 'out'
    settings = ExtractionSettings(detector=NONE, on_cuts=on_cuts, num_frames=4)
    (row,) = extract_video(cut_video, 12, str(out), settings.to_json())
    assert (row['clip'], row['shot'], row['cuts'], row['frames']) == (12, 0, 3, 60)
    assert row['kept'] == (on_cuts == 'keep')
    if on_cuts == 'drop':
        assert row['reason'].startswith('4 shots, cut one after the other')


def test_damaged_files_are_errors_with_each_decoder(cut_video, tmp_path):
    content = open(cut_video, 'rb').read()
    path = tmp_path / 'cut.avi'
    path.write_bytes(content[: len(content) // 2])
    for decoder in ('auto', 'pyav', 'opencv', 'decord'):
        settings = ExtractionSettings(detector=NONE, decoder=decoder)
        (row,) = extract_video(str(path), 1, str(tmp_path / 'out'), settings.to_json())
        assert not row['kept'] and 'is cut off' in row['error']


def test_written_faces_are_a_detector(real_face, tmp_path):
    """The landmarks of a tree give the same frames again, without the detector."""
    first, second = tmp_path / 'first', tmp_path / 'second'
    points = tmp_path / 'points'
    points.mkdir()
    header = 'frame,' + ','.join(f'x{i},y{i}' for i in range(1, 6))
    rows = [f'{n},290,{140 + n},350,140,320,170,300,210,340,205' for n in range(72)]
    (points / 'single_face.csv').write_text('\n'.join([header, *rows]))
    detector = dict(type='landmarks_file', folder=str(points))
    options = dict(num_frames=2, size=64)
    extract_faces(
        [real_face], first, ExtractionSettings(detector, **options), workers=1
    )
    written = dict(type='landmarks_file', folder=str(first / 'extraction' / 'faces'))
    extract_faces(
        [real_face], second, ExtractionSettings(written, **options), workers=1
    )
    for path in sorted((first / 'Clip').rglob('*.jpg')):
        again = second / path.relative_to(first)
        assert again.read_bytes() == path.read_bytes()
