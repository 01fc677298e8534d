import json
import os

import pytest

from dfew_mmaction.datasets import DFEWDataset
from dfew_mmaction.datasets.frame_index import FrameIndex


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """An index of its own for each test."""
    monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path / 'cache'))


def make_clip(folder, names, age=60):
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).touch()
    grow_old(folder, age)
    return folder


def grow_old(folder, age):
    then = os.stat(folder).st_mtime_ns - int(age * 1e9)
    os.utime(folder, ns=(then, then))


def names(root, clip):
    with FrameIndex(root) as index:
        return index.names(clip)


def test_remembers_what_the_disk_had(tmp_path, monkeypatch):
    clip = make_clip(tmp_path / 'set' / '00001', ['10.jpg', '9.jpg', 'x.txt'])
    assert names(tmp_path / 'set', clip) == ['9.jpg', '10.jpg']

    def no_listing(folder):
        raise AssertionError('the disk is listed again')

    monkeypatch.setattr('dfew_mmaction.datasets.frame_index.list_frames', no_listing)
    assert names(tmp_path / 'set', clip) == ['9.jpg', '10.jpg']


def test_a_change_of_the_tree_is_seen(tmp_path):
    clip = make_clip(tmp_path / 'set' / '00001', ['1.jpg', '2.jpg'])
    assert names(tmp_path / 'set', clip) == ['1.jpg', '2.jpg']
    (clip / '3.jpg').touch()
    assert names(tmp_path / 'set', clip) == ['1.jpg', '2.jpg', '3.jpg']
    grow_old(clip, 30)
    assert names(tmp_path / 'set', clip) == ['1.jpg', '2.jpg', '3.jpg']
    (clip / '1.jpg').unlink()
    (clip / '2.jpg').rename(clip / '4.jpg')
    assert names(tmp_path / 'set', clip) == ['3.jpg', '4.jpg']


def test_a_folder_that_has_just_changed_is_not_trusted(tmp_path):
    clip = make_clip(tmp_path / 'set' / '00001', ['1.jpg'], age=0)
    changed = os.stat(clip).st_mtime_ns
    assert names(tmp_path / 'set', clip) == ['1.jpg']
    (clip / '2.jpg').touch()
    os.utime(clip, ns=(changed, changed))  # within the clock's tick
    assert names(tmp_path / 'set', clip) == ['1.jpg', '2.jpg']


@pytest.mark.parametrize(
    'content', [b'', b'{', b'[]', b'{"version": 1}', b'\xff\xfe', b'{"version": 99}']
)
def test_a_broken_index_is_made_anew(tmp_path, content):
    clip = make_clip(tmp_path / 'set' / '00001', ['1.jpg'])
    names(tmp_path / 'set', clip)
    path = FrameIndex(tmp_path / 'set').path
    whole = path.read_bytes()
    path.write_bytes(content)
    assert names(tmp_path / 'set', clip) == ['1.jpg']
    assert path.read_bytes() == whole


def test_no_place_for_an_index_is_no_error(tmp_path, monkeypatch):
    clip = make_clip(tmp_path / 'set' / '00001', ['1.jpg'])
    (tmp_path / 'file').touch()
    monkeypatch.setenv('XDG_CACHE_HOME', str(tmp_path / 'file'))
    assert names(tmp_path / 'set', clip) == ['1.jpg']


def test_the_index_of_another_set_is_another_file(tmp_path):
    clip = make_clip(tmp_path / 'a' / '00001', ['1.jpg'])
    names(tmp_path / 'a', clip)
    assert FrameIndex(tmp_path / 'a').path != FrameIndex(tmp_path / 'b').path
    content = json.loads(FrameIndex(tmp_path / 'a').path.read_text())
    assert content['root'] == str(tmp_path / 'a')


def test_a_data_set_lists_the_same_with_and_without(demo_copy):
    first = DFEWDataset(demo_copy)
    assert FrameIndex(demo_copy).path.is_file()
    again = DFEWDataset(demo_copy)
    infos = [[d.get_data_info(i) for i in range(len(d))] for d in (first, again)]
    assert infos[0] == infos[1] and len(infos[0][0]['frame_paths']) == 16
