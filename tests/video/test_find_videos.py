import logging
import os

import cv2
import numpy as np
import pytest
from mistakes import bound_by_permissions

from dfew_mmaction.video import (
    DecodeError,
    clip_lengths,
    find_sources,
    find_videos,
    is_frame_folder,
    open_video,
)


def make(root, *names):
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()


def test_by_number_then_by_name(tmp_path, caplog):
    make(tmp_path, '10.mp4', '9.AVI', 'deep/down/b.mkv', 'a.webm', 'notes.md',
         'c.mpeg', 'd.m4v', 'poster1.jpg', '._a.mp4')  # fmt: skip
    os.mkfifo(tmp_path / 'pipe.mp4')
    odd = tmp_path / 'notes.md'
    with caplog.at_level(logging.WARNING):
        found = find_videos([tmp_path, tmp_path / '10.mp4', odd])
    assert [path.name for path in found] == [
        '9.AVI', '10.mp4', 'a.webm', 'c.mpeg', 'd.m4v', 'b.mkv', 'notes.md'
    ]  # fmt: skip
    assert 'skipped' in caplog.text and '1 .jpg, 1 .md' in caplog.text
    (tmp_path / 'list.txt').write_text('a.webm\n\ndeep/down/b.mkv\ngone.mp4\n')
    listed = find_videos([tmp_path / 'list.txt'])
    assert listed == [
        tmp_path / 'a.webm', tmp_path / 'deep/down/b.mkv', tmp_path / 'gone.mp4'
    ]  # fmt: skip
    with pytest.raises(FileNotFoundError, match="no video or folder '.*gone' exists"):
        find_videos([tmp_path / 'gone'])
    (tmp_path / 'void').mkdir()
    with pytest.raises(FileNotFoundError, match='no video in .*void'):
        find_videos([tmp_path / 'void'])


def test_linked_and_unreadable_folders(tmp_path):
    """A set is often spread over disks; none of its videos is left out silently."""
    make(tmp_path, 'set/1.mp4', 'disk/2.mp4', 'disk/deep/3.mp4')
    (tmp_path / 'set' / 'more').symlink_to(tmp_path / 'disk')
    (tmp_path / 'disk' / 'deep' / 'loop').symlink_to(tmp_path / 'set')
    (tmp_path / 'set' / 'broken.mp4').symlink_to(tmp_path / 'gone.mp4')
    names = [path.name for path in find_videos([tmp_path / 'set'])]
    assert names == ['1.mp4', '2.mp4', '3.mp4']
    (tmp_path / 'disk' / 'deep').chmod(0)
    with bound_by_permissions(), pytest.raises(PermissionError, match='deep'):
        find_videos([tmp_path / 'set'])
    (tmp_path / 'disk' / 'deep').chmod(0o700)


def test_folders_of_frames_and_of_videos(tmp_path):
    make(tmp_path, 'videos/a.mp4', 'videos/b.MKV', 'videos/poster1.jpg', 'frames/1.jpg',
         'frames/2.jpg', 'void/notes.md', '10:30.mp4')  # fmt: skip
    assert is_frame_folder(tmp_path / 'frames')
    assert not is_frame_folder(tmp_path / 'videos')
    given = [tmp_path / name for name in ('videos', 'frames', 'void', '10:30.mp4')]
    assert find_sources([*given, '0', 'http://host/a.mp4']) == [
        str(tmp_path / 'videos/a.mp4'), str(tmp_path / 'videos/b.MKV'),
        str(tmp_path / 'frames'), str(tmp_path / 'void'), str(tmp_path / '10:30.mp4'),
        0, 'http://host/a.mp4',
    ]  # fmt: skip
    with pytest.raises(DecodeError, match='videos.* is a folder of videos: pass them'):
        open_video(tmp_path / 'videos')


def test_lengths(tmp_path):
    path = tmp_path / '38.mp4'
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*'mp4v'), 10, (64, 48))
    for _ in range(12):
        writer.write(np.zeros((48, 64, 3), np.uint8))
    writer.release()
    (tmp_path / '4.mp4').write_text('broken')
    lengths = clip_lengths(tmp_path)
    assert lengths[38] == pytest.approx(1.2)
    assert np.isnan(lengths[4])
    with pytest.raises(FileNotFoundError, match='named by the number of its clip'):
        path.rename(tmp_path / 'a.mp4')
        (tmp_path / '4.mp4').unlink()
        clip_lengths(tmp_path)
