import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
import time

import cv2
import numpy as np
import pytest
import torch

from dfew_mmaction.datasets import DFEWDataset, DFEWLayout, Pack
from dfew_mmaction.datasets import pack_dfew as pack_by_processes
from dfew_mmaction.utils import DecodeError


def pack_dfew(*args, **kwargs):
    """In this process: others take seconds to start."""
    return pack_by_processes(*args, **{'workers': 1, **kwargs})


def pipeline(scale=32, flip=0.0, **kwargs):
    return [
        dict(type='SampleFaceFrames', clip_len=16, test_mode=not flip),
        dict(type='DecodeFaceFrames', scale=scale, **kwargs),
        dict(type='Flip', flip_ratio=flip),
        dict(type='FormatShape', input_format='NCTHW'),
        dict(type='PackActionInputs'),
    ]


def packed(root, scale=32, **kwargs):
    return DFEWDataset(root, pipeline(scale), source='packed', **kwargs)


@pytest.fixture
def tree(demo_copy):
    """A demo set small enough to be packed by one process."""
    shutil.rmtree(demo_copy / 'Clip' / 'clip_224x224')
    return demo_copy


@pytest.fixture(scope='module')
def whole(demo_root, tmp_path_factory):
    """A demo set with its pack, which tests only read."""
    root = tmp_path_factory.mktemp('packed') / 'DFEW'
    shutil.copytree(demo_root, root)
    pack_by_processes(root, scale=(32, 32), workers=2)
    return root


def assert_same(one, other):
    assert len(one) == len(other) > 10
    for index in range(len(one)):
        mine, yours = one[index], other[index]
        assert torch.equal(mine['inputs'], yours['inputs'])
        assert mine['data_samples'].video_id == yours['data_samples'].video_id
        assert mine['data_samples'].gt_label == yours['data_samples'].gt_label


def test_packed_clips_are_the_decoded_ones(whole):
    assert_same(
        DFEWDataset(whole, pipeline(), split='test'), packed(whole, split='test')
    )


def test_augmentation_is_the_same(whole):
    flipped = pipeline(flip=0.5)
    plain, quick = (DFEWDataset(whole, flipped, source=s) for s in ('16f', 'packed'))
    for dataset in (plain, quick):
        dataset.set_epoch(3, 1)
    assert_same(plain, quick)


def test_packs_of_files_are_no_longer_read(tree):
    pack = pack_dfew(tree, scale=(16, 16))
    settings = json.loads((pack.folder / 'pack.json').read_text())
    settings.update(stored='files', size=None)
    (pack.folder / 'pack.json').write_text(json.dumps(settings))
    with pytest.raises(ValueError, match='image files in LMDB, which this version'):
        packed(tree, 16)


def test_all_frames_of_longer_clips(demo_root, tmp_path):
    pack = pack_dfew(
        demo_root, tmp_path / 'p', source='frames', scale=(24, 20), exact=True
    )
    assert pack.settings['size'] == [24, 20] and pack.settings['exact']
    plain = DFEWDataset(
        demo_root, pipeline((24, 20), exact=True), source='frames', split='test'
    )
    quick = packed(demo_root, (24, 20), split='test', pack=str(pack.folder))
    assert quick.metainfo['source'] == 'frames'
    assert_same(plain, quick)


def test_size_of_the_files(tree):
    pack = pack_dfew(tree, scale=None)
    assert pack.settings['size'] == [224, 224] and pack.folder.name.endswith('_exact')
    assert packed(tree, None)[0]['inputs'].shape == (1, 3, 16, 224, 224)


def test_one_fold_only(tree):
    numbers = set(DFEWLayout(tree).clips('16f'))
    pack = pack_dfew(tree, scale=(16, 16), fold=2)
    assert pack.folder.name == '16f_16x16_fold2'
    listed = {
        int(d.get_data_info(i)['video_id'])
        for split in ('train', 'test')
        for d in [packed(tree, 16, fold=2, split=split)]
        for i in range(len(d))
    }
    assert set(pack.clips) == listed < numbers


def test_a_spawned_process_opens_the_file_itself(whole):
    dataset = packed(whole)
    expected = dataset[0]['inputs']
    content = pickle.dumps(dataset._pack)
    assert len(content) < 20_000  # not the frames
    assert torch.equal(pickle.loads(pickle.dumps(dataset))[0]['inputs'], expected)


def test_frames_cannot_be_changed_on_disk(whole):
    info = packed(whole).get_data_info(0)
    with pytest.raises(ValueError, match='read-only'):
        info['packed_frames'][:] = 0


@pytest.mark.parametrize('kwargs', [dict(scale=48), dict(scale=32, exact=True)])
def test_another_size_is_refused(whole, kwargs):
    dataset = DFEWDataset(whole, pipeline(**kwargs), source='packed')
    with pytest.raises(
        ValueError, match=r'holds frames of \(32, 32\), decoded in part'
    ):
        dataset[0]


def test_what_the_pipeline_leaves_open_is_what_the_pack_has(whole):
    assert packed(whole, None)[0]['inputs'].shape == (1, 3, 16, 32, 32)


def test_frames_left_behind_are_not_missed(whole, tmp_path):
    alone = tmp_path / 'DFEW'
    shutil.copytree(whole / 'EmoLabel_DataSplit', alone / 'EmoLabel_DataSplit')
    shutil.copytree(whole / 'packed', alone / 'packed')
    assert torch.equal(
        packed(alone, split='test')[1]['inputs'],
        packed(whole, split='test')[1]['inputs'],
    )


def test_a_changed_tree_is_refused(tree):
    pack = pack_dfew(tree, scale=(16, 16))
    home = tree / 'Clip' / 'clip_224x224_16f'
    clip = home / f'{min(pack.clips):05d}'
    (clip / '16.jpg').rename(clip / '17.jpg')
    with pytest.raises(ValueError, match='other names, numbers or sizes'):
        packed(tree, 16)
    with pytest.raises(ValueError, match='digest .* there, .* now'):
        pack_dfew(tree, scale=(16, 16))
    (clip / '17.jpg').rename(clip / '16.jpg')
    assert len(packed(tree, 16))
    cv2.imwrite(str(clip / '1.jpg'), np.zeros((224, 224, 3), np.uint8))
    with pytest.raises(ValueError, match='does not match'):
        packed(tree, 16)
    shutil.rmtree(clip)
    with pytest.raises(ValueError, match=f'1 of its clips .* {clip.name}'):
        packed(tree, 16)


def test_the_pack_of_another_tree_is_refused(whole, demo_copy):
    other = demo_copy
    home = other / 'Clip' / 'clip_224x224_16f'
    min(home.iterdir()).rename(home / '99999')
    with pytest.raises(ValueError, match='does not match'):
        packed(other, pack=str(whole / 'packed' / '16f_32x32'))


def test_no_pack_and_several(tree, whole):
    with pytest.raises(FileNotFoundError, match=r'no pack.json.*pack_dfew.py ROOT'):
        packed(tree)
    with pytest.raises(FileNotFoundError, match='there is no pack in'):
        packed(whole, pack='16f_64x64')
    for scale in ((16, 16), (8, 8)):
        pack_dfew(tree, scale=scale, fold=1)
    with pytest.raises(ValueError, match="pack='16f_16x16_fold1' or '16f_8x8_fold1'"):
        packed(tree, 8)
    assert len(packed(tree, 8, pack='16f_8x8_fold1'))
    with pytest.raises(ValueError, match="needs source='packed'"):
        DFEWDataset(tree, pack='16f_8x8_fold1')


@pytest.mark.parametrize('damage', ['pack.json', 'clips.npy', 'frames.npy'])
def test_a_damaged_pack_is_refused(whole, tmp_path, damage):
    copy = tmp_path / 'copy'
    shutil.copytree(whole / 'packed' / '16f_32x32', copy)
    os.truncate(copy / damage, 100)
    with pytest.raises(ValueError, match='cannot be read .* pack again'):
        Pack(copy)


def test_packed_twice_is_packed_once(tree):
    pack = pack_dfew(tree, scale=(16, 16))
    before = (pack.folder / 'frames.npy').stat().st_mtime_ns
    assert pack_dfew(tree, scale=(16, 16)).clips == pack.clips
    assert (pack.folder / 'frames.npy').stat().st_mtime_ns == before
    with pytest.raises(ValueError, match=r'size \[16, 16\] there, \[8, 8\] now'):
        pack_dfew(tree, pack.folder, scale=(8, 8))


def test_a_broken_clip_is_said_and_the_rest_is_kept(tree):
    number = min(DFEWLayout(tree).clips('16f'))
    broken = tree / 'Clip' / 'clip_224x224_16f' / f'{number:05d}' / '7.jpg'
    whole = broken.read_bytes()
    os.truncate(broken, 900)
    with pytest.raises(DecodeError, match=r'(?s)1 clips cannot .*7.jpg.* is cut off'):
        pack_dfew(tree, scale=(16, 16))
    with pytest.raises(ValueError, match='is incomplete'):
        packed(tree, 16)
    shutil.copytree(tree / 'packed', tree / 'aside')
    pack = pack_dfew(tree, scale=(16, 16), skip_broken=True)
    assert list(pack.settings['broken']) == [str(number)] and number not in pack.clips
    with pytest.raises(FileNotFoundError, match=f'1 of the .* {number:05d}'):
        [packed(tree, 16, split=split) for split in ('train', 'test')]
    parts = [
        packed(tree, 16, split=split, missing='skip') for split in ('train', 'test')
    ]
    assert sum(map(len, parts)) == 69
    # After the repair it is packed completely.
    shutil.rmtree(tree / 'packed')
    (tree / 'aside').rename(tree / 'packed')
    broken.write_bytes(whole)
    assert number in pack_dfew(tree, scale=(16, 16)).clips


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


def test_two_at_the_same_pack(tree):
    from filelock import FileLock

    out = tree / 'packed' / '16f_16x16'
    out.mkdir(parents=True)
    with FileLock(out / '.lock'):
        with pytest.raises(RuntimeError, match='another process is writing the pack'):
            pack_dfew(tree, scale=(16, 16))


def test_no_room(tree, monkeypatch):
    usage = shutil.disk_usage(tree)._replace(free=10)
    monkeypatch.setattr(shutil, 'disk_usage', lambda path: usage)
    with pytest.raises(OSError, match='the pack needs .* GB, .* --out'):
        pack_dfew(tree)


def test_sources_that_are_no_frames(tree):
    with pytest.raises(ValueError, match='source must be one of'):
        pack_dfew(tree, source='video')


@pytest.mark.parametrize('name', ['frames.npy', 'clips.npy'])
def test_damaged_bytes_are_not_used(whole, tmp_path, name):
    folder = tmp_path / 'pack'
    shutil.copytree(Pack.find(whole).folder, folder)
    content = bytearray((folder / name).read_bytes())
    content[-2000 if name == 'frames.npy' else -5] ^= 1
    (folder / name).write_bytes(content)
    if name == 'clips.npy':
        with pytest.raises(ValueError, match='clips.npy is damaged'):
            Pack(folder)
        return
    pack = Pack(folder)
    *intact, last = sorted(pack.clips)
    for number in intact:
        pack.sample(number)
    for _ in range(2):
        with pytest.raises(
            DecodeError, match=f'clip {last:05d} of the pack .* damaged'
        ):
            pack.sample(last)


def test_a_pack_without_checksums_is_read(whole, tmp_path):
    folder = tmp_path / 'pack'
    shutil.copytree(Pack.find(whole).folder, folder)
    np.save(folder / 'clips.npy', np.load(folder / 'clips.npy')[:, :3])
    settings = json.loads((folder / 'pack.json').read_text())
    del settings['clips_sha256']
    (folder / 'pack.json').write_text(json.dumps({**settings, 'version': 2}))
    pack = Pack(folder)
    assert pack.clips == Pack.find(whole).clips and pack.sample(min(pack.clips))
