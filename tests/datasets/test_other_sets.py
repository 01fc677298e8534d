"""Each set, read from a tree in its published layout."""

import csv
import shutil

import pytest
import torch
from mmaction.registry import DATASETS
from other_sets import SETS, clips

from dfew_mmaction.datasets import (
    AFEWDataset,
    CAERDataset,
    ExpressionDataset,
    FERV39kDataset,
    MAFWDataset,
)
from dfew_mmaction.utils import CLASSES, MAFW_CLASSES

FRAMES = [
    dict(type='SampleFaceFrames', clip_len=16, test_mode=True),
    dict(type='DecodeFaceFrames', scale=(32, 32)),
    dict(type='FormatShape', input_format='NCTHW'),
    dict(type='PackActionInputs'),
]
VIDEOS = [
    dict(type='OpenFaceVideo'),
    dict(type='SampleFaceFrames', clip_len=16, test_mode=True),
    dict(type='DecordDecode'),
    dict(type='Resize', scale=(32, 32), keep_ratio=False),
    *FRAMES[2:],
]


def expected(root, part, fold=1):
    """Class words by clip number, from the lists of the set that was laid out."""
    path = root / 'EmoLabel_DataSplit' / f'{part}(single-labeled)' / f'set_{fold}.csv'
    rows = list(csv.reader(open(path, encoding='utf-8-sig')))[1:]
    return {int(number): CLASSES[int(label) - 1] for number, label in rows}


@pytest.mark.parametrize('layout', SETS)
def test_each_layout_gives_its_clips(tree, demo_root, layout):
    root = tree(layout)
    for config in SETS[layout]:
        source = config.get('source') or DATASETS.get(config['type']).SOURCES[0]
        pipeline = VIDEOS if source == 'video' else FRAMES
        for part in ('train', 'test'):
            data = DATASETS.build(
                dict(config, data_root=str(root), split=part, pipeline=pipeline)
            )
            wanted = expected(demo_root, part)
            got = clips(data)
            if layout == 'caer':
                # Numbered anew in each folder, and fold 2's test part is set aside.
                assert len(got) == {'train': 42, 'test': 14}[part]
                folders = dict(anger='angry')
                for name, word in got.items():
                    own, folder, _ = name.split('/')
                    folder = folder.lower()
                    assert own == part and folders.get(folder, folder) == word
            else:
                numbers = {int(n.rsplit('/', 1)[-1]): word for n, word in got.items()}
                assert numbers == wanted
            assert data.listed() == {n: data.classes.index(w) for n, w in got.items()}
            assert sum(data.class_counts().values()) == len(data)
        packed = data[0]
        assert packed['inputs'].shape == (1, 3, 16, 32, 32)
        assert packed['inputs'].dtype == torch.uint8
        info = data.get_data_info(0)
        assert packed['data_samples'].video_id == info['video_id']
        assert packed['data_samples'].gt_label.item() == info['label']


def test_names_folds_and_classes_go_into_checkpoints(tree):
    mafw = MAFWDataset(tree('mafw'), fold=3)
    meta = mafw.metainfo
    assert (meta['dataset'], meta['fold'], meta['source']) == ('MAFW', 3, 'frames')
    assert meta['classes'] == MAFW_CLASSES and len(MAFW_CLASSES) == 11
    afew = AFEWDataset(tree('afew'), split='test').metainfo
    assert afew['classes'] == CLASSES and afew['fold'] is None
    own = ExpressionDataset(tree('csv'), fold=2, ann_file='set_{fold}/{split}.csv')
    assert own.metainfo['dataset'] == 'csv' and own.metainfo['fold'] == 2


def test_frames_are_in_the_order_of_their_numbers(tree):
    root = tree('afew')
    folder = next((root / 'AFEW_Face' / 'train' / 'Happy').iterdir())
    for frame in folder.iterdir():
        frame.rename(folder / f'{int(frame.stem[-5:])}.jpg')
    data = AFEWDataset(root)
    index = list(clips(data)).index(folder.name)
    names = [p.rsplit('/', 1)[1] for p in data.get_data_info(index)['frame_paths']]
    assert names == [f'{i}.jpg' for i in sorted(int(n[:-4]) for n in names)]
    assert len(names) > 10


def test_afew_as_the_organisers_keep_it(tree, demo_root):
    root = tree('afew')
    wanted = {part: expected(demo_root, part) for part in ('train', 'test')}
    homes = {'train': ('train', ''), 'test': ('validation', '_Val')}
    for part, (folder, end) in homes.items():
        old = root / 'AFEW_Face' / folder
        new = root / {'train': 'Train_AFEW', 'test': 'Val_AFEW'}[part]
        faces = new / f'AlignedFaces_LBPTOP_Points{end}' / 'Faces'
        for clip in old.glob('*/*'):
            (new / clip.parent.name).mkdir(parents=True, exist_ok=True)
            video = f'Clip/clip_224x224_avi/{int(clip.name):05d}.avi'
            place = new / clip.parent.name / f'{clip.name}.avi'
            shutil.copyfile(demo_root / video, place)
            shutil.copytree(clip, faces / clip.name)
    shutil.rmtree(root / 'AFEW_Face')
    for source in ('frames', 'video'):
        for part in ('train', 'test'):
            got = clips(AFEWDataset(root, split=part, source=source))
            assert {int(n): word for n, word in got.items()} == wanted[part]


def test_caer_has_a_validation_part(tree):
    root = tree('caer')
    own = clips(CAERDataset(root, split='val'))
    assert len(own) == 14 and {n.split('/')[0] for n in own} == {'validation'}
    share = clips(CAERDataset(root, split='val', val_fraction=0.2))
    assert {n.split('/')[0] for n in share} == {'train'}
    rest = clips(CAERDataset(root, val_fraction=0.2))
    assert not rest.keys() & share.keys()
    assert {**rest, **share} == clips(CAERDataset(root))


def test_mafw_with_captions_is_read_in_gbk(tree):
    root = tree('mafw')
    whole, told = MAFWDataset(root), MAFWDataset(root, captioned=True)
    words = {n: word for n, word in clips(whole).items() if word != 'neutral'}
    assert clips(told) == words and len(words) == 48
    path = root / 'Train & Test Set/single/with_caption/set_1/train.txt'
    with pytest.raises(UnicodeDecodeError):
        path.read_text('utf-8')
    path.write_bytes(b'\xff\xff\xff 1')
    with pytest.raises(ValueError, match='is not a text file'):
        MAFWDataset(root, captioned=True)


def test_trees_may_lie_one_folder_deeper_or_be_unpacked_twice(tree):
    root = tree('ferv39k')
    faces = root / '2_ClipsforFaceCrop'
    faces.rename(root / 'inner')
    faces.mkdir()
    (root / 'inner').rename(faces / '2_ClipsforFaceCrop')
    (root / 'drive-download').mkdir()
    (root / '4_setups').rename(root / 'drive-download' / '4_setups')
    assert len(FERV39kDataset(root)) == 56
    assert len(FERV39kDataset(shutil.move(root, root.parent / 'x' / 'F'))) == 56


def test_own_set_with_own_classes_columns_and_videos(tmp_path, demo_root):
    videos = sorted((demo_root / 'Clip' / 'clip_224x224_avi').iterdir())
    words = ['joy', 'boredom', 'joy', 'boredom']
    rows = [f'{i},{word},{p}\r\n' for i, (word, p) in enumerate(zip(words, videos))]
    for part in ('train', 'val'):
        text = '\ufeffid,label,path\r\n' + ''.join(rows[part == 'val' :: 2])
        (tmp_path / f'{part}.csv').write_text(text, encoding='utf-8', newline='')
    kinds = dict(classes=('boredom', 'joy'), source='video', pipeline=VIDEOS)
    own = ExpressionDataset(tmp_path, **kinds)
    assert own.metainfo['classes'] == ('boredom', 'joy')
    assert own.class_counts() == {'boredom': 0, 'joy': 2}
    assert own[0]['inputs'].shape == (1, 3, 16, 32, 32)
    val = ExpressionDataset(tmp_path, split='val', **kinds)
    assert val.class_counts() == {'boredom': 2, 'joy': 0} and val.test_mode
    with pytest.raises(FileNotFoundError, match=r"no list '.*test\.csv'"):
        ExpressionDataset(tmp_path, split='test', **kinds)
    (tmp_path / 'train.csv').write_text('file,emotion\na,joy\n')
    with pytest.raises(ValueError, match='expected the header path,label, found'):
        ExpressionDataset(tmp_path, **kinds)
    for wrong in (dict(fold=1), dict(ann_file='{fold}.csv')):
        with pytest.raises(ValueError, match='set a fold if and only if'):
            ExpressionDataset(tmp_path, **wrong)
