"""Each set, read from a tree in its published layout, and errors in such trees."""

import csv
import shutil

import pytest
import torch
from mmaction.registry import DATASETS

from dfew_mmaction.datasets import (
    AFEWDataset,
    CAERDataset,
    DFEWDataset,
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
CSV = dict(type='ExpressionDataset', ann_file='set_{fold}/{split}.csv', fold=1)
SETS = {
    'ferv39k': [dict(type='FERV39kDataset')],
    'mafw': [dict(type='MAFWDataset'), dict(type='MAFWDataset', source='video')],
    'afew': [dict(type='AFEWDataset')],
    'caer': [dict(type='CAERDataset')],
    'csv': [CSV],
}


def clips(data):
    rows = [data.get_data_info(i) for i in range(len(data))]
    return {row['video_id']: data.classes[row['label']] for row in rows}


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


def test_mafw_compound_classes_are_those_of_the_lists(tree):
    root = tree('mafw')
    parts = [
        MAFWDataset(root, label_type='compound', split=s) for s in ('train', 'test')
    ]
    classes = parts[0].classes
    assert classes == parts[1].classes == parts[0].metainfo['classes']
    assert classes[:7] == CLASSES and all('_' in name for name in classes[7:])
    found = {**clips(parts[0]), **clips(parts[1])}
    assert set(found.values()) == set(classes) and len(found) > 70
    listed = root / 'Train & Test Set/compound/no_caption/set_1/train.txt'
    with open(listed, 'a') as file:
        file.write('99999.mp4 anger_bored\n')
    with pytest.raises(ValueError, match=r"row \d+: clip 99999.*'bored' is not one of"):
        MAFWDataset(root, label_type='compound')


def test_eleven_classes(tree):
    root = tree('mafw')
    path = root / 'Train & Test Set/single/no_caption/set_1/train.txt'
    lines = path.read_text().splitlines()
    for i, word in enumerate(MAFW_CLASSES[7:]):
        lines[i] = f'{lines[i].split()[0]} {word}'
    path.write_text('\n'.join(lines))
    counts = MAFWDataset(root).class_counts()
    assert list(counts) == list(MAFW_CLASSES) and list(counts.values())[7:] == [1] * 4


def test_order_of_the_classes_is_a_parameter(tree, demo_root):
    order = ('Anger', 'disgust', 'Fear', 'happiness', 'neutral', 'sad', 'surprise')
    root = tree('ferv39k')
    data, usual = FERV39kDataset(root, classes=order), FERV39kDataset(root)
    own = {'Anger': 'angry', 'Fear': 'fear', 'happiness': 'happy'}
    assert {n: own.get(w, w) for n, w in clips(data).items()} == clips(usual)
    assert data.metainfo['classes'] == order and list(data.class_counts()) == list(
        order
    )
    dfew = DFEWDataset(demo_root, classes=order)
    assert {n: own.get(w, w) for n, w in clips(dfew).items()} == clips(
        DFEWDataset(demo_root)
    )
    with pytest.raises(ValueError, match="release's order of the classes"):
        DFEWDataset(demo_root, classes=order, label_type='distribution')


def test_numbers_in_a_list_are_told_by_aliases(tree):
    root = tree('ferv39k')
    path = root / '4_setups' / 'All_scenes' / 'train_All.csv'
    wanted = clips(FERV39kDataset(root))
    order = ('angry', 'disgust', 'fear', 'happy', 'neutral', 'sad', 'surprise')
    rows = [line.split() for line in path.read_text().splitlines()]
    path.write_text(
        ''.join(f'{name} {order.index(wanted[name])}\n' for name, _ in rows)
    )
    with pytest.raises(ValueError, match=r"row 1: .* is '\d', which is not one of"):
        FERV39kDataset(root)
    aliases = {str(i): word for i, word in enumerate(order)}
    assert clips(FERV39kDataset(root, aliases=aliases)) == wanted
    with pytest.raises(ValueError, match="map '3' to 'joy', which is not one of"):
        FERV39kDataset(root, aliases={**aliases, '3': 'joy'})


def test_clips_of_other_classes(tree, demo_root, caplog):
    root, some = tree('ferv39k'), ('happy', 'sad')
    with pytest.raises(ValueError, match=r"others='skip'"):
        FERV39kDataset(root, classes=some)
    assert FERV39kDataset(root, classes=some, others='skip').class_counts() == {
        'happy': 8,
        'sad': 8,
    }
    assert DFEWDataset(demo_root, classes=some, others='skip').class_counts() == {
        'happy': 8,
        'sad': 8,
    }
    with pytest.raises(ValueError, match='lack neutral, angry, .* which DFEW has'):
        DFEWDataset(demo_root, classes=some)
    with pytest.raises(ValueError, match='no clip of the classes'):
        FERV39kDataset(root, classes=('contempt',), others='skip')
    with pytest.raises(ValueError, match="name the same twice: 'anger' and 'Angry'"):
        FERV39kDataset(root, classes=('anger', 'Angry'))


BAD_ROWS = {
    'ferv39k': (
        '4_setups/All_scenes/train_All.csv',
        [
            ('path label', 'expected `<Scene>/<Emotion>/<clip> <Emotion>`'),
            ('Action/Happy/../0001 Happy', 'expected `<Scene>'),
            ('Action/Happy/9999 Bored', "clip Action/Happy/9999 is 'Bored', which"),
        ],
    ),
    'mafw': (
        'Train & Test Set/single/no_caption/set_1/train.txt',
        [
            ('video_name,label', 'expected `03747.mp4 anger`'),
            ('../99999.mp4 anger', 'expected `03747.mp4 anger`'),
            ('99999.mp4 bored', "clip 99999 is 'bored', which is not one"),
        ],
    ),
    'csv': (
        'set_1/train.csv',
        [
            ('clips/99999', 'expected path and label'),
            ('clips/99999,bored', "clip clips/99999 is 'bored', which is not one"),
        ],
    ),
}


@pytest.mark.parametrize('layout', BAD_ROWS)
def test_bad_rows_are_named(tree, layout):
    root = tree(layout)
    name, cases = BAD_ROWS[layout]
    whole = (root / name).read_text()
    lines = len(whole.splitlines())

    def read():
        return DATASETS.build(dict(SETS[layout][0], data_root=str(root)))

    for row, message in cases:
        (root / name).write_text(f'{whole}\n{row}\n')
        with pytest.raises(ValueError) as error:
            read()
        assert message in str(error.value)
        assert f'row {lines + 2}' in str(error.value), error.value
    first = whole.splitlines()[1]
    (root / name).write_text(f'{whole}{first}\n')
    again = rf'row {lines + 1}: clip .* is listed again, first in .*row 2\.'
    with pytest.raises(ValueError, match=again):
        read()
    (root / name).write_text('\n')
    with pytest.raises(ValueError, match='is empty. Copy the file again'):
        read()
    (root / name).write_text(whole)
    test = root / name.replace('train', 'test')
    test.write_text(f'{test.read_text()}{first}\n')
    with pytest.raises(ValueError, match='is also in .*must be disjoint'):
        read()
    (root / name).unlink()
    with pytest.raises(FileNotFoundError, match='list'):
        read()


@pytest.mark.parametrize('layout', ['ferv39k', 'mafw', 'afew', 'csv'])
def test_missing_clips_are_counted_and_named(tree, layout):
    root = tree(layout)
    build = dict(SETS[layout][0], data_root=str(root))
    data = DATASETS.build(build)
    folders = [data.get_data_info(i)['frame_dir'] for i in range(3)]
    names = [data.get_data_info(i)['video_id'] for i in range(3)]
    for frame in list(type(root)(folders[0]).iterdir()):
        frame.unlink()  # a clip without frames
    gone = [names[0]]
    if layout != 'afew':  # where folders are the list
        shutil.rmtree(folders[1])
        gone.append(names[1])
    with pytest.raises(FileNotFoundError, match=rf'{len(gone)} of the 56 clips') as e:
        DATASETS.build(build)
    assert all(name in str(e.value) for name in gone) and names[2] not in str(e.value)
    assert len(DATASETS.build(dict(build, missing='skip'))) == 56 - len(gone)


def test_folders_of_no_class_and_missing_ones(tree):
    root = tree('afew')
    train = root / 'AFEW_Face' / 'train'
    (train / '__MACOSX').mkdir()
    assert len(AFEWDataset(root)) == 56
    with pytest.raises(FileNotFoundError, match='has no videos in `<Emotion>/`'):
        AFEWDataset(root, source='video')
    (train / 'Happy').rename(train / 'Bored')
    with pytest.raises(ValueError, match=r"Bored: clip \d+ is 'Bored', which is not"):
        AFEWDataset(root)
    shutil.rmtree(train)
    with pytest.raises(FileNotFoundError, match="no part 'train'.*AFEW_Face/train"):
        AFEWDataset(root)
    for kind in (FERV39kDataset, MAFWDataset, AFEWDataset, CAERDataset):
        with pytest.raises(FileNotFoundError, match="no folder '/nowhere'"):
            kind('/nowhere')
        with pytest.raises(FileNotFoundError, match='Set `data_root`'):
            kind(train.parent)


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
