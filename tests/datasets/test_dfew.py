import shutil

import cv2
import numpy as np
import pytest
import torch
from mmaction.registry import DATASETS
from torch.utils.data import DataLoader

from dfew_mmaction.datasets import DFEWDataset
from dfew_mmaction.utils import CLASSES, DecodeError

FRAMES = [
    dict(type='SampleFaceFrames', clip_len=16, test_mode=True),
    dict(type='DecodeFaceFrames', scale=(112, 112)),
    dict(type='FormatShape', input_format='NCTHW'),
    dict(type='PackActionInputs'),
]
VIDEOS = [
    dict(type='OpenFaceVideo'),
    dict(type='SampleFaceFrames', clip_len=16, test_mode=True),
    dict(type='DecordDecode'),
    dict(type='Resize', scale=(112, 112), keep_ratio=False),
    dict(type='FormatShape', input_format='NCTHW'),
    dict(type='PackActionInputs'),
]
AUGMENTED = [
    dict(type='SampleFaceFrames', clip_len=16),
    dict(type='DecodeFaceFrames', scale=(64, 64)),
    dict(type='RandomCrop', size=56),
    dict(type='Flip', flip_ratio=0.5),
    dict(type='ColorJitter', hue=0.0),
    dict(type='FormatShape', input_format='NCTHW'),
    dict(type='PackActionInputs'),
]
PIPELINES = {'16f': FRAMES, 'frames': FRAMES, 'video': VIDEOS, 'original': VIDEOS}


def first_clip(root, source='16f'):
    """Video name and path of the first clip of fold 1's training part."""
    info = DFEWDataset(root, source=source).get_data_info(0)
    return info['video_id'], info.get('frame_dir') or info['filename']


@pytest.mark.parametrize('source', list(PIPELINES))
def test_every_source_gives_clips(demo_root, source):
    dataset = DATASETS.build(
        dict(
            type='DFEWDataset',
            data_root=str(demo_root),
            fold=2,
            split='test',
            source=source,
            pipeline=PIPELINES[source],
        )  # fmt: skip
    )
    info = dataset.get_data_info(0)
    assert info['video_id'].isdigit() and len(info['video_id']) == 5
    assert 0 <= info['label'] < 7
    assert dataset.metainfo['classes'] == CLASSES
    assert (dataset.metainfo['fold'], dataset.metainfo['source']) == (2, source)
    packed = dataset[0]
    assert packed['inputs'].shape == (1, 3, 16, 112, 112)
    assert packed['inputs'].dtype == torch.uint8
    assert packed['data_samples'].video_id == info['video_id']
    assert packed['data_samples'].gt_label.item() == info['label']


def test_parts_of_all_folds(demo_root):
    tests = []
    for fold in range(1, 6):
        parts = [DFEWDataset(demo_root, fold=fold, split=s) for s in ('train', 'test')]
        train, test = (
            {d.get_data_info(i)['video_id'] for i in range(len(d))} for d in parts
        )
        assert not train & test and len(train | test) == 70
        assert parts[0].test_mode is False and parts[1].test_mode is True
        assert sum(parts[1].class_counts().values()) == len(test)
        tests.append(test)
    assert len(set().union(*tests)) == sum(map(len, tests)) == 70


def test_frames_are_those_on_disk_in_numeric_order(demo_root):
    dataset = DFEWDataset(demo_root, source='frames')
    for i in range(len(dataset)):
        info = dataset.get_data_info(i)
        numbers = [int(p.rsplit('_', 1)[1][:-4]) for p in info['frame_paths']]
        assert numbers == sorted(numbers) and len(numbers) == info['total_frames'] >= 11


def test_16_frames_are_taken_as_they_are(demo_root):
    dataset = DFEWDataset(
        demo_root, pipeline=FRAMES[:1] + [dict(type='DecodeFaceFrames')]
    )
    got = dataset[3]
    for path, frame in zip(got['frame_paths'], got['imgs']):
        assert (cv2.imread(path)[..., ::-1] == frame).all()


def test_workers_load_the_same(demo_root):
    dataset = DFEWDataset(demo_root, pipeline=AUGMENTED, split='train')
    dataset.set_epoch(epoch=3, seed=11)

    def ids_and_sums(workers):
        loader = DataLoader(
            dataset, batch_size=4, num_workers=workers, collate_fn=lambda x: x
        )
        batches = [b for _, b in zip(range(3), loader)]
        return [
            (s['data_samples'].video_id, s['inputs'].sum().item())
            for b in batches
            for s in b
        ]

    torch.manual_seed(0)
    alone = ids_and_sums(0)
    torch.manual_seed(1)
    np.random.seed(5)
    assert ids_and_sums(2) == alone


def test_epochs_are_augmented_differently_and_reproducibly(demo_root):
    dataset = DFEWDataset(demo_root, pipeline=AUGMENTED)

    def draw(epoch, seed):
        dataset.set_epoch(epoch, seed)
        return dataset[5]['inputs']

    first = draw(0, 1)
    assert not first.equal(draw(1, 1)) and not first.equal(draw(0, 2))
    assert first.equal(draw(0, 1))


def test_seeding_leaves_the_random_numbers_of_the_model_alone(demo_root):
    dataset = DFEWDataset(demo_root, pipeline=AUGMENTED)
    dataset.set_epoch(0, 1)
    torch.manual_seed(7)
    expected = torch.rand(3)
    torch.manual_seed(7)
    dataset[0]
    assert torch.rand(3).equal(expected)


def test_augmentation_is_the_same_for_all_frames_of_a_clip(demo_root):
    pipeline = [
        dict(type='SampleFaceFrames', clip_len=16, test_mode=True),
        dict(type='DecodeFaceFrames', scale=(64, 64)),
        lambda results: {**results, 'imgs': np.repeat(results['imgs'][:1], 16, axis=0)},
        *AUGMENTED[2:],
    ]
    dataset = DFEWDataset(demo_root, pipeline=pipeline)
    for epoch in range(4):
        dataset.set_epoch(epoch, 0)
        clip = dataset[0]['inputs'][0]
        assert (clip == clip[:, :1]).all()


def test_missing_clips_are_counted_and_named(demo_copy):
    folder = demo_copy / 'Clip' / 'clip_224x224_16f'
    dataset = DFEWDataset(demo_copy)
    names = [dataset.get_data_info(i)['video_id'] for i in range(12)]
    for name in names[:11]:
        shutil.rmtree(folder / name)
    for frame in (folder / names[11]).iterdir():
        frame.unlink()
    with pytest.raises(FileNotFoundError, match=r'^12 of the \d+ clips.*…') as error:
        DFEWDataset(demo_copy)
    assert sorted(names)[9] in str(error.value)
    assert sorted(names)[10] not in str(error.value)
    assert "missing='skip'" in str(error.value)
    assert len(DFEWDataset(demo_copy, missing='skip')) == len(dataset) - 12


def test_nothing_left_is_an_error_even_when_skipping(demo_copy):
    shutil.rmtree(demo_copy / 'Clip' / 'clip_224x224_16f')
    (demo_copy / 'Clip' / 'clip_224x224_16f').mkdir()
    with pytest.raises(FileNotFoundError, match='56 of the 56'):
        DFEWDataset(demo_copy, missing='skip')


def damage(path, how):
    content = path.read_bytes()
    whole = dict(cut=content[: len(content) // 2], empty=b'', text=b'hello')
    path.write_bytes(whole[how])


@pytest.mark.parametrize('how', ['cut', 'empty', 'text'])
def test_undecodable_jpeg_is_named(demo_copy, how):
    name, _ = first_clip(demo_copy)
    damage(demo_copy / 'Clip' / 'clip_224x224_16f' / name / '7.jpg', how)
    dataset = DFEWDataset(demo_copy, pipeline=FRAMES)
    with pytest.raises(DecodeError, match=rf'clip {name} .*7\.jpg'):
        dataset[0]


@pytest.mark.parametrize('how', ['cut', 'empty', 'text'])
def test_undecodable_video_is_named(demo_copy, how):
    name, path = first_clip(demo_copy, 'video')
    damage(demo_copy / 'Clip' / 'clip_224x224_avi' / f'{name}.avi', how)
    dataset = DFEWDataset(demo_copy, pipeline=VIDEOS, source='video')
    with pytest.raises(DecodeError, match=rf'clip {name} .*{name}\.avi'):
        dataset[0]


def test_replacing_counts_in_training_and_never_in_testing(demo_copy):
    name, _ = first_clip(demo_copy)
    damage(demo_copy / 'Clip' / 'clip_224x224_16f' / name / '1.jpg', 'cut')
    dataset = DFEWDataset(demo_copy, pipeline=FRAMES, on_error='replace')
    loader = DataLoader(dataset, batch_size=8, num_workers=2, collate_fn=lambda x: x)
    seen = [s['data_samples'].video_id for batch in loader for s in batch]
    assert len(seen) == len(dataset) and name not in seen
    assert dataset.broken.sum() == 1
    # In the epoch again: replaced by the same clip, and still one clip.
    for epoch in (0, 0):
        dataset.set_epoch(epoch, seed=1)
        again = [[s['data_samples'].video_id for b in loader for s in b] for _ in 'ab']
        assert again[0] == again[1] and name not in again[0]
    assert dataset.broken.sum() == 1
    test = DFEWDataset(demo_copy, pipeline=FRAMES, on_error='replace', test_mode=True)
    with pytest.raises(DecodeError, match=name):
        test[0]


def test_replacing_ends_where_nothing_is_whole(demo_copy):
    for folder in (demo_copy / 'Clip' / 'clip_224x224_16f').iterdir():
        damage(folder / '1.jpg', 'cut')
    dataset = DFEWDataset(demo_copy, pipeline=FRAMES, on_error='replace', max_refetch=5)
    dataset.set_epoch(0, seed=1)
    with pytest.raises(DecodeError, match='6 consecutive clips cannot be decoded'):
        dataset[0]


def test_errors_of_the_pipeline_itself_are_not_hidden(demo_root):
    def broken(results):
        raise KeyError('a bug')

    dataset = DFEWDataset(demo_root, pipeline=[broken], on_error='replace')
    with pytest.raises(KeyError, match='a bug'):
        dataset[0]


def test_clip_in_both_parts_is_refused(demo_copy):
    lists = demo_copy / 'EmoLabel_DataSplit'
    test = lists / 'test(single-labeled)' / 'set_1.csv'
    train = lists / 'train(single-labeled)' / 'set_1.csv'
    row = test.read_text().splitlines()[3]
    with open(train, 'a') as file:
        file.write(f'{row}\n')
    clip = row.split(',')[0]
    with pytest.raises(ValueError, match=rf'set_1.csv: clip {clip} is also in .*test'):
        DFEWDataset(demo_copy)


@pytest.mark.parametrize(
    'wrong',
    [dict(split='valid'), dict(source='32f'), dict(missing='x'), dict(on_error='x')],
)
def test_wrong_arguments_are_refused(demo_root, wrong):
    with pytest.raises(ValueError, match=f'{next(iter(wrong))} must be one of'):
        DFEWDataset(demo_root, **wrong)


def test_validation_part_is_a_share_of_each_class(demo_root):
    def clips(split, fraction):
        data = DFEWDataset(demo_root, split=split, val_fraction=fraction)
        rows = [data.get_data_info(i) for i in range(len(data))]
        return {row['video_id']: row['label'] for row in rows}

    whole = clips('train', 0)
    train, val = clips('train', 0.25), clips('val', 0.25)
    assert val and not train.keys() & val.keys()
    assert {**train, **val} == whole
    # Eight clips of each class are listed.
    assert np.bincount(list(val.values())).tolist() == [2] * 7
    assert clips('val', 0.25) == val
    assert np.bincount(list(clips('val', 0.01).values())).tolist() == [1] * 7


def test_validation_part_is_not_augmented_and_needs_a_share(demo_root):
    data = DFEWDataset(demo_root, split='val', val_fraction=0.2)
    assert data.test_mode
    with pytest.raises(ValueError, match='needs a val_fraction above 0'):
        DFEWDataset(demo_root, split='val')
    with pytest.raises(ValueError, match=r'val_fraction must be in \[0, 1\)'):
        DFEWDataset(demo_root, val_fraction=1.0)
