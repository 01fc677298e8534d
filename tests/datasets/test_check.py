import hashlib
import json
import shutil

import cv2
import numpy as np
import pytest

from dfew_mmaction.datasets import check_dfew, read_split_csv
from dfew_mmaction.datasets.dfew.split_csv import list_checksum
from dfew_mmaction.utils import CLASSES

# The release: train, and test by class, of folds 1 to 5.
RELEASE = [
    (9356, (489, 379, 534, 435, 294, 29, 181)),
    (9356, (489, 379, 534, 435, 294, 29, 181)),
    (9357, (489, 379, 534, 435, 294, 29, 180)),
    (9358, (489, 379, 534, 434, 294, 29, 180)),
    (9361, (489, 378, 533, 434, 293, 29, 180)),
]


@pytest.fixture
def lists(tmp_path):
    """A tree of lists with the release's counts, and no clips."""
    parts, number = [], 0
    for _, by_class in RELEASE:
        part = []
        for label, count in enumerate(by_class, 1):
            part += [f'{number + i},{label}' for i in range(1, count + 1)]
            number += count
        parts.append(part)
    root = tmp_path / 'DFEW'
    for fold in range(1, 6):
        train = [row for k, part in enumerate(parts, 1) if k != fold for row in part]
        for part, rows in (('train', train), ('test', parts[fold - 1])):
            folder = root / 'EmoLabel_DataSplit' / f'{part}(single-labeled)'
            folder.mkdir(parents=True, exist_ok=True)
            text = '\n'.join(['video_name,label', *rows]) + '\n'
            (folder / f'set_{fold}.csv').write_text(text)
    return root


def list_of(root, part, fold):
    return root / 'EmoLabel_DataSplit' / f'{part}(single-labeled)' / f'set_{fold}.csv'


def edit(root, part, fold, change):
    path = list_of(root, part, fold)
    lines = path.read_text(encoding='utf-8-sig').splitlines()
    path.write_text('\n'.join(change(lines)) + '\n')


def test_sizes_of_the_release(lists):
    report = check_dfew(lists)
    wrong, empty = report['problems']
    assert empty == f"No clips of any source in '{lists}'."
    # The right number of clips of each class, and not the release's clips.
    assert wrong.startswith('10 lists are not those of the release')
    assert report['lists'] == "0 of 10 lists are the release's."
    assert [f['train'] for f in report['folds'].values()] == [t for t, _ in RELEASE]
    assert 'Annotation/annotation.xlsx' in report['notes'][0]


def test_one_clip_fewer(lists):
    edit(lists, 'test', 3, lambda lines: lines[:-1])
    said = check_dfew(lists)['problems']
    assert 'fold 3, test: 2339 clips, the release has 2340' in said
    assert 'fold 3, test: 179 clips are fear, the release has 180' in said
    assert any('fold 3: 1 clips of other folds are in neither part' in s for s in said)
    assert any(s.startswith('1 clips are in no test part') for s in said)


def test_lists_that_overlap_or_are_broken(demo_copy):
    folder = demo_copy / 'EmoLabel_DataSplit'
    taken = (folder / 'test(single-labeled)' / 'set_1.csv').read_text().splitlines()[1]
    edit(demo_copy, 'train', 1, lambda lines: [*lines, taken])
    edit(demo_copy, 'test', 2, lambda lines: [*lines, taken])
    edit(demo_copy, 'train', 4, lambda lines: ['name;label', *lines[1:]])
    (folder / 'test(single-labeled)' / 'set_5.csv').unlink()
    said = check_dfew(demo_copy, sources=['16f'], release=False)['problems']
    clip = f'{int(taken.split(",")[0]):05d}'
    assert f'fold 1: 1 clips are in train and in test: {clip}' in said
    assert f'fold 2: 1 test clips are test clips of another fold too: {clip}' in said
    assert any("expected the header 'video_name,label'" in s for s in said)
    assert any('No list for fold 5' in s for s in said)


def test_whole_set(demo_root):
    report = check_dfew(demo_root, release=False, workers=1)
    assert report['problems'] == [] and report['notes'] == []
    assert set(report['sources']) == {'16f', 'frames', 'video', 'original'}
    assert report['sources']['16f']['frames'] == [16, 16, 16]
    assert report['sources']['frames']['frames'][2] <= 24
    assert json.loads(json.dumps(report)) == json.loads(json.dumps(report))
    assert report['demo'] and check_dfew(demo_root, ['16f'], workers=1)['demo']
    said = check_dfew(demo_root, ['16f'], True, workers=1)['problems']
    assert said[0].startswith('fold 1, train: 56 clips')


def test_every_kind_of_broken_clip(demo_copy):
    clips = demo_copy / 'Clip'
    short = sorted((clips / 'clip_224x224_16f').iterdir())
    cut = short[0] / '3.jpg'
    cut.write_bytes(cut.read_bytes()[:-300])
    for path in short[1].iterdir():
        path.unlink()
    shutil.rmtree(short[2])
    cv2.imwrite(str(short[3] / '5.jpg'), np.zeros((112, 224, 3), np.uint8))
    (short[4] / '16.jpg').unlink()
    (short[5] / '1.jpg').write_bytes(b'')
    (short[6] / '2.jpg').write_text('no picture')
    avi = sorted((clips / 'clip_224x224_avi').iterdir())
    avi[0].write_bytes(avi[0].read_bytes()[:3000])
    avi[1].write_bytes(b'')
    shutil.rmtree(clips / 'clip_224x224')
    report = check_dfew(demo_copy, release=False, workers=1)
    found = report['sources']['16f']['problems']
    assert {kind: what['count'] for kind, what in found.items()} == {
        'missing': 1, 'empty': 2, 'unreadable': 2, 'size': 1, 'short': 1,
    }  # fmt: skip
    assert found['missing']['examples'] == [short[2].name]
    assert found['empty']['examples'] == [str(short[1]), str(short[5] / '1.jpg')]
    assert str(cut) in found['unreadable']['examples'][0]
    assert 'cut off' in found['unreadable']['examples'][0]
    assert '(224 x 112)' in found['size']['examples'][0]
    assert found['short']['examples'] == [f'{short[4]} (15 frames)']
    video = report['sources']['video']['problems']
    assert {kind: what['count'] for kind, what in video.items()} == {
        'empty': 1, 'unreadable': 1,
    }  # fmt: skip
    assert 'cut off' in video['unreadable']['examples'][0]
    assert any("No clips of source 'frames'" in note for note in report['notes'])
    quick = check_dfew(demo_copy, ['16f'], release=False, verify=False, workers=1)
    assert set(quick['sources']['16f']['problems']) == {'missing', 'empty', 'short'}


def test_source_that_has_to_be_there(demo_copy):
    shutil.rmtree(demo_copy / 'Clip' / 'clip_224x224_avi')
    said = check_dfew(demo_copy, ['video'], release=False)['problems']
    assert len(said) == 1 and "No clips of source 'video'" in said[0]
    with pytest.raises(ValueError, match="'avi'"):
        check_dfew(demo_copy, ['avi'])


def test_folds_that_are_there(lists):
    """Three, of a set that is not the release."""
    for part in ('train', 'test'):
        for fold in (4, 5):
            list_of(lists, part, fold).unlink()
    assert any('No list for fold 4' in said for said in check_dfew(lists)['problems'])
    report = check_dfew(lists, release=False)
    assert list(report['folds']) == [1, 2, 3]
    # The clips of the two that are gone are in train, and in no test part.
    lacking = sum(sum(by_class) for _, by_class in RELEASE[3:])
    assert report['problems'][0].startswith(f'{lacking} clips are in no test part')


def test_link_to_nothing(demo_copy):
    folder = min((demo_copy / 'Clip' / 'clip_224x224_16f').iterdir())
    (folder / '3.jpg').unlink()
    (folder / '3.jpg').symlink_to(demo_copy / 'gone.jpg')
    report = check_dfew(demo_copy, ['16f'], release=False, workers=1, verify=False)
    found = report['sources']['16f']['problems']
    assert list(found) == ['unreadable'] and 'a broken link' in str(found)


def test_a_changed_label_is_found(demo_copy):
    """In one list, and in all five: the votes remain."""
    name, label = edit_label(demo_copy, [('train', 2)])
    said = check_dfew(demo_copy, ['16f'], verify=False, workers=1)['problems']
    (found,) = [s for s in said if 'has several labels' in s]
    before, after = CLASSES[label - 1], CLASSES[label % 7]
    assert found.startswith(f'clip {int(name):05d} has several labels: {after} in fold')
    assert f'{after} in fold 2 train; {before} in fold ' in found
    others = [(part, fold) for part in ('train', 'test') for fold in range(1, 6)]
    others.remove(('train', 2))
    edit_label(demo_copy, others)
    (found,) = check_dfew(demo_copy, ['16f'], verify=False, workers=1)['problems']
    assert found.startswith(
        '1 clips have a label that is not the emotion with the most'
    )
    assert f'is listed as {after}, most votes are for {before}' in found


def edit_label(root, places):
    """Change the label of the first clip of fold 2's training list."""
    row = list_of(root, 'train', 2).read_text(encoding='utf-8-sig').splitlines()[1]
    name, label = row.split(',')
    for part, fold in places:
        edit(
            root, part, fold,
            lambda lines: [
                f'{name},{int(line.split(",")[1]) % 7 + 1}'
                if line.split(',')[0] == name else line
                for line in lines
            ],
        )  # fmt: skip
    return name, int(label)


def test_checksums_do_not_depend_on_the_file(demo_copy):
    path = list_of(demo_copy, 'test', 1)
    before = list_checksum(read_split_csv(path))
    header, *rows = path.read_text(encoding='utf-8-sig').splitlines()
    rows = [
        f'"{int(row.split(",")[0]):05d}", {row.split(",")[1]}' for row in rows[::-1]
    ]
    path.write_bytes(b'\xef\xbb\xbf' + '\r\n'.join([header, *rows]).encode())
    assert list_checksum(read_split_csv(path)) == before
    expected = hashlib.sha256(b'7,1\n10,7\n').hexdigest()[:16]
    assert list_checksum({10: 6, 7: 0}) == expected


def test_frames_in_an_ambiguous_order(demo_copy):
    folder = min((demo_copy / 'Clip' / 'clip_224x224_16f').iterdir())
    shutil.copy(folder / '3.jpg', folder / '03.jpg')
    report = check_dfew(demo_copy, ['16f'], workers=1, verify=False)
    (found,) = report['sources']['16f']['problems']['order']['examples']
    assert "'03.jpg' and '3.jpg' is ambiguous" in found and str(folder) in found
