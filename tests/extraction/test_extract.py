"""One video to one clip, called in this process."""

import tracemalloc

import cv2
import numpy as np
import pytest

from dfew_mmaction.extraction import ExtractionSettings
from dfew_mmaction.extraction.clip_files import clip_paths
from dfew_mmaction.extraction.extract import extract_clip

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
    row = extract_clip(path, 1, str(tmp_path / 'out'), how.to_json())
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
    row = extract_clip(video(9), 7, str(out), how.to_json())
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
    row = extract_clip(video(50), 3, str(out), how.to_json())
    assert row['kept'] and (row['frames'], row['useful']) == (50, 40)
    paths = clip_paths(out, 3, how)
    frames = sorted(paths['frames'].iterdir())
    assert [path.name for path in frames] == [f'00003_{n + 1:05d}.jpg' for n in there]
    shades = [cv2.imread(str(path))[60:160, 60:140].mean() for path in frames]
    assert shades == pytest.approx([200 - 150 * n // 50 for n in there], abs=4)
    ends = [cv2.imread(str(paths['interpolated'] / f'{n}.jpg')) for n in (1, 4)]
    for end, frame in zip(ends, (frames[0], frames[-1])):
        assert np.abs(end.astype(int) - cv2.imread(str(frame))).mean() < 1
