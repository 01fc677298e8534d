"""Writing packs: once, after an interruption, and where it cannot be done."""

import os
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from packs import pack_dfew, packed

from dfew_mmaction.datasets import DFEWLayout, Pack
from dfew_mmaction.utils import DecodeError


def test_size_of_the_files(small_tree):
    pack = pack_dfew(small_tree, scale=None)
    assert pack.settings['size'] == [224, 224] and pack.folder.name.endswith('_exact')
    assert packed(small_tree, None)[0]['inputs'].shape == (1, 3, 16, 224, 224)


def test_one_fold_only(small_tree):
    numbers = set(DFEWLayout(small_tree).clips('16f'))
    pack = pack_dfew(small_tree, scale=(16, 16), fold=2)
    assert pack.folder.name == '16f_16x16_fold2'
    listed = {
        int(d.get_data_info(i)['video_id'])
        for split in ('train', 'test')
        for d in [packed(small_tree, 16, fold=2, split=split)]
        for i in range(len(d))
    }
    assert set(pack.clips) == listed < numbers


def test_packed_twice_is_packed_once(small_tree):
    pack = pack_dfew(small_tree, scale=(16, 16))
    before = (pack.folder / 'frames.npy').stat().st_mtime_ns
    assert pack_dfew(small_tree, scale=(16, 16)).clips == pack.clips
    assert (pack.folder / 'frames.npy').stat().st_mtime_ns == before
    with pytest.raises(ValueError, match=r'size \[16, 16\] there, \[8, 8\] now'):
        pack_dfew(small_tree, pack.folder, scale=(8, 8))


def test_a_broken_clip_is_said_and_the_rest_is_kept(small_tree):
    number = min(DFEWLayout(small_tree).clips('16f'))
    broken = small_tree / 'Clip' / 'clip_224x224_16f' / f'{number:05d}' / '7.jpg'
    whole = broken.read_bytes()
    os.truncate(broken, 900)
    with pytest.raises(DecodeError, match=r'(?s)1 clips cannot .*7.jpg.* is cut off'):
        pack_dfew(small_tree, scale=(16, 16))
    with pytest.raises(ValueError, match='is incomplete'):
        packed(small_tree, 16)
    shutil.copytree(small_tree / 'packed', small_tree / 'aside')
    pack = pack_dfew(small_tree, scale=(16, 16), skip_broken=True)
    assert list(pack.settings['broken']) == [str(number)] and number not in pack.clips
    with pytest.raises(FileNotFoundError, match=f'1 of the .* {number:05d}'):
        [packed(small_tree, 16, split=split) for split in ('train', 'test')]
    parts = [
        packed(small_tree, 16, split=split, missing='skip')
        for split in ('train', 'test')
    ]
    assert sum(map(len, parts)) == 69
    # After the repair it is packed completely.
    shutil.rmtree(small_tree / 'packed')
    (small_tree / 'aside').rename(small_tree / 'packed')
    broken.write_bytes(whole)
    assert number in pack_dfew(small_tree, scale=(16, 16)).clips


def begun(path):
    """Whether the first clip has been written."""
    return path.is_file() and np.load(path, mmap_mode='r')[0].any()


@pytest.mark.slow
@pytest.mark.parametrize('sign', [signal.SIGINT, signal.SIGKILL])
def test_stopped_and_gone_on_with(run, repo, tmp_path, demo_root, sign):
    out = tmp_path / 'pack'
    command = [
        sys.executable, repo / 'tools' / 'data' / 'pack_dfew.py', demo_root, '--out',
        out, '--source', 'frames', '--scale', '48', '--exact', '--workers', '2',
    ]  # fmt: skip
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    deadline = time.time() + 120
    while not begun(out / 'frames.npy') and time.time() < deadline:
        time.sleep(0.01)
    process.send_signal(sign)
    said = process.communicate(timeout=240)[0]
    if sign == signal.SIGINT:
        assert process.returncode == 130 and 'Stopped.' in said
        assert 'Traceback' not in said
    if not (out / 'pack.json').exists():
        with pytest.raises(ValueError, match='is incomplete'):
            Pack(out)
    said = run('python', *command[1:]).stdout
    assert f'{out}: ' in said and 'DFEW_SOURCE=packed' in said
    undisturbed = pack_dfew(
        demo_root, tmp_path / 'other', source='frames', scale=(48, 48), exact=True
    )
    one, other = (
        np.load(p / 'frames.npy', mmap_mode='r') for p in (out, undisturbed.folder)
    )
    assert np.array_equal(one, other)


def test_two_at_the_same_pack(small_tree):
    from filelock import FileLock

    out = small_tree / 'packed' / '16f_16x16'
    out.mkdir(parents=True)
    with FileLock(out / '.lock'):
        with pytest.raises(RuntimeError, match='another process is writing the pack'):
            pack_dfew(small_tree, scale=(16, 16))


def test_no_room(small_tree, monkeypatch):
    usage = shutil.disk_usage(small_tree)._replace(free=10)
    monkeypatch.setattr(shutil, 'disk_usage', lambda path: usage)
    with pytest.raises(OSError, match='the pack needs .* GB, .* --out'):
        pack_dfew(small_tree)


def test_sources_that_are_no_frames(small_tree):
    with pytest.raises(ValueError, match='source must be one of'):
        pack_dfew(small_tree, source='video')
