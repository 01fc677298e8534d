import pytest

from dfew_mmaction.datasets import DFEWLayout, list_frames


def test_frames_are_sorted_as_numbers(tmp_path):
    for name in ['10.jpg', '9.jpg', '1.jpg', '2.JPG', 'a.txt', '.3.jpg', 'x.jpg']:
        (tmp_path / name).touch()
    assert list_frames(tmp_path) == ['1.jpg', '2.JPG', '9.jpg', '10.jpg']


@pytest.mark.parametrize('split', ['{}(single-labeled)', '{}(single_labeled)', '{}'])
@pytest.mark.parametrize('above', ['', 'DFEW-part2'])
@pytest.mark.parametrize('folder', ['Clip/clip_224x224_16f', 'Clip/clip_224x16f'])
@pytest.mark.parametrize('part', ['', 'part_1'])
def test_trees_of_other_owners(tmp_path, split, above, folder, part):
    lists = tmp_path / above / 'EmoLabel_DataSplit' / split.format('train')
    lists.mkdir(parents=True)
    (lists / 'set_2.csv').write_text('video_name,label\n7,1\n')
    clip = tmp_path / above / folder / part / '00007'
    clip.mkdir(parents=True)
    (clip / '00007_1.jpg').touch()
    layout = DFEWLayout(tmp_path)
    assert layout.split_file('train', 2) == lists / 'set_2.csv'
    assert layout.clips('16f') == {7: str(clip)}


def test_clips_in_several_parts(tmp_path):
    (tmp_path / 'EmoLabel_DataSplit').mkdir()
    for part, name in [('part_1', '00001'), ('part_11', '00042'), ('', '9')]:
        (tmp_path / 'Clip' / 'clip_224x224' / part / name).mkdir(parents=True)
    (tmp_path / 'Clip' / 'clip_224x224' / 'notes').mkdir()
    assert sorted(DFEWLayout(tmp_path).clips('frames')) == [1, 9, 42]


def test_release_in_several_homes(tmp_path):
    for part, name in [('DFEW-part1', '00002'), ('DFEW-part2', '00001')]:
        (tmp_path / part / 'Clip' / 'clip_224x224' / name).mkdir(parents=True)
    (tmp_path / 'DFEW-part2' / 'EmoLabel_DataSplit').mkdir()
    assert sorted(DFEWLayout(tmp_path).clips('frames')) == [1, 2]
    twice = tmp_path / 'DFEW-part2' / 'Clip' / 'clip_224x224' / 'part_3' / '2'
    twice.mkdir(parents=True)
    with pytest.raises(ValueError, match='Clip 2 is there twice.*DFEW-part1'):
        DFEWLayout(tmp_path).clips('frames')


def test_videos(tmp_path):
    (tmp_path / 'EmoLabel_DataSplit').mkdir()
    original = tmp_path / 'Clip' / 'original'
    original.mkdir(parents=True)
    for name in ['1.mp4', '12.AVI', 'readme.mp4', '3.txt']:
        (original / name).touch()
    assert sorted(DFEWLayout(tmp_path).clips('original')) == [1, 12]


@pytest.mark.parametrize('make', [False, True])
def test_missing_root_says_what_to_do(tmp_path, make):
    root = tmp_path / 'DFEW'
    if make:
        (root / 'Clip').mkdir(parents=True)
    with pytest.raises(FileNotFoundError) as error:
        DFEWLayout(root)
    for part in [str(root), 'https://dfew-dataset.github.io', 'make_demo.py']:
        assert part in str(error.value)


def test_missing_source_and_fold_are_named(demo_root, tmp_path):
    layout = DFEWLayout(demo_root)
    with pytest.raises(FileNotFoundError, match=r'set_6\.csv.*train\(single-labeled\)'):
        layout.split_file('train', 6)
    bare = tmp_path / 'bare'
    (bare / 'EmoLabel_DataSplit').mkdir(parents=True)
    (bare / 'Clip' / 'original').mkdir(parents=True)
    with pytest.raises(FileNotFoundError, match="has the sources: 'original'"):
        DFEWLayout(bare).clips('16f')
