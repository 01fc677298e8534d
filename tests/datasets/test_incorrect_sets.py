"""Errors in the lists and folders of the sets other than DFEW."""

import shutil

import pytest
from mmaction.registry import DATASETS
from other_sets import SETS

from dfew_mmaction.datasets import (
    AFEWDataset,
    CAERDataset,
    FERV39kDataset,
    MAFWDataset,
)

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
