"""Packs of frames are read as the files from which they were made."""

import json
import os
import pickle
import shutil

import cv2
import numpy as np
import pytest
import torch
from packs import pack_dfew, packed, pipeline

from dfew_mmaction.datasets import DFEWDataset, Pack
from dfew_mmaction.utils import DecodeError


def assert_same(one, other):
    assert len(one) == len(other) > 10
    for index in range(len(one)):
        mine, yours = one[index], other[index]
        assert torch.equal(mine['inputs'], yours['inputs'])
        assert mine['data_samples'].video_id == yours['data_samples'].video_id
        assert mine['data_samples'].gt_label == yours['data_samples'].gt_label


def test_packed_clips_are_the_decoded_ones(packed_tree):
    assert_same(
        DFEWDataset(packed_tree, pipeline(), split='test'),
        packed(packed_tree, split='test'),
    )


def test_augmentation_is_the_same(packed_tree):
    flipped = pipeline(flip=0.5)
    plain, quick = (
        DFEWDataset(packed_tree, flipped, source=s) for s in ('16f', 'packed')
    )
    for dataset in (plain, quick):
        dataset.set_epoch(3, 1)
    assert_same(plain, quick)


def test_packs_of_files_are_no_longer_read(small_tree):
    pack = pack_dfew(small_tree, scale=(16, 16))
    settings = json.loads((pack.folder / 'pack.json').read_text())
    settings.update(stored='files', size=None)
    (pack.folder / 'pack.json').write_text(json.dumps(settings))
    with pytest.raises(ValueError, match='image files in LMDB, which this version'):
        packed(small_tree, 16)


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


def test_a_spawned_process_opens_the_file_itself(packed_tree):
    dataset = packed(packed_tree)
    expected = dataset[0]['inputs']
    content = pickle.dumps(dataset._pack)
    assert len(content) < 20_000  # not the frames
    assert torch.equal(pickle.loads(pickle.dumps(dataset))[0]['inputs'], expected)


def test_frames_cannot_be_changed_on_disk(packed_tree):
    info = packed(packed_tree).get_data_info(0)
    with pytest.raises(ValueError, match='read-only'):
        info['packed_frames'][:] = 0


@pytest.mark.parametrize('kwargs', [dict(scale=48), dict(scale=32, exact=True)])
def test_another_size_is_refused(packed_tree, kwargs):
    dataset = DFEWDataset(packed_tree, pipeline(**kwargs), source='packed')
    with pytest.raises(
        ValueError, match=r'holds frames of \(32, 32\), decoded in part'
    ):
        dataset[0]


def test_what_the_pipeline_leaves_open_is_what_the_pack_has(packed_tree):
    assert packed(packed_tree, None)[0]['inputs'].shape == (1, 3, 16, 32, 32)


def test_frames_left_behind_are_not_missed(packed_tree, tmp_path):
    alone = tmp_path / 'DFEW'
    shutil.copytree(packed_tree / 'EmoLabel_DataSplit', alone / 'EmoLabel_DataSplit')
    shutil.copytree(packed_tree / 'packed', alone / 'packed')
    assert torch.equal(
        packed(alone, split='test')[1]['inputs'],
        packed(packed_tree, split='test')[1]['inputs'],
    )


def test_a_changed_tree_is_refused(small_tree):
    pack = pack_dfew(small_tree, scale=(16, 16))
    home = small_tree / 'Clip' / 'clip_224x224_16f'
    clip = home / f'{min(pack.clips):05d}'
    (clip / '16.jpg').rename(clip / '17.jpg')
    with pytest.raises(ValueError, match='other names, numbers or sizes'):
        packed(small_tree, 16)
    with pytest.raises(ValueError, match='digest .* there, .* now'):
        pack_dfew(small_tree, scale=(16, 16))
    (clip / '17.jpg').rename(clip / '16.jpg')
    assert len(packed(small_tree, 16))
    cv2.imwrite(str(clip / '1.jpg'), np.zeros((224, 224, 3), np.uint8))
    with pytest.raises(ValueError, match='does not match'):
        packed(small_tree, 16)
    shutil.rmtree(clip)
    with pytest.raises(ValueError, match=f'1 of its clips .* {clip.name}'):
        packed(small_tree, 16)


def test_the_pack_of_another_tree_is_refused(packed_tree, demo_copy):
    other = demo_copy
    home = other / 'Clip' / 'clip_224x224_16f'
    min(home.iterdir()).rename(home / '99999')
    with pytest.raises(ValueError, match='does not match'):
        packed(other, pack=str(packed_tree / 'packed' / '16f_32x32'))


def test_no_pack_and_several(small_tree, packed_tree):
    with pytest.raises(FileNotFoundError, match=r'no pack.json.*pack_dfew.py ROOT'):
        packed(small_tree)
    with pytest.raises(FileNotFoundError, match='there is no pack in'):
        packed(packed_tree, pack='16f_64x64')
    for scale in ((16, 16), (8, 8)):
        pack_dfew(small_tree, scale=scale, fold=1)
    with pytest.raises(ValueError, match="pack='16f_16x16_fold1' or '16f_8x8_fold1'"):
        packed(small_tree, 8)
    assert len(packed(small_tree, 8, pack='16f_8x8_fold1'))
    with pytest.raises(ValueError, match="needs source='packed'"):
        DFEWDataset(small_tree, pack='16f_8x8_fold1')


@pytest.mark.parametrize('damage', ['pack.json', 'clips.npy', 'frames.npy'])
def test_a_damaged_pack_is_refused(packed_tree, tmp_path, damage):
    copy = tmp_path / 'copy'
    shutil.copytree(packed_tree / 'packed' / '16f_32x32', copy)
    os.truncate(copy / damage, 100)
    with pytest.raises(ValueError, match='cannot be read .* pack again'):
        Pack(copy)


@pytest.mark.parametrize('name', ['frames.npy', 'clips.npy'])
def test_damaged_bytes_are_not_used(packed_tree, tmp_path, name):
    folder = tmp_path / 'pack'
    shutil.copytree(Pack.find(packed_tree).folder, folder)
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


def test_a_pack_without_checksums_is_read(packed_tree, tmp_path):
    folder = tmp_path / 'pack'
    shutil.copytree(Pack.find(packed_tree).folder, folder)
    np.save(folder / 'clips.npy', np.load(folder / 'clips.npy')[:, :3])
    settings = json.loads((folder / 'pack.json').read_text())
    del settings['clips_sha256']
    (folder / 'pack.json').write_text(json.dumps({**settings, 'version': 2}))
    pack = Pack(folder)
    assert pack.clips == Pack.find(packed_tree).clips and pack.sample(min(pack.clips))
