import pytest

from dfew_mmaction.synthetic import LAYOUTS, lay_out, make_demo


def test_frames_are_those_of_the_demo_set(demo_root, tmp_path):
    root = lay_out(demo_root, tmp_path / 'x', 'ferv39k')
    lines = (root / '4_setups/All_scenes/test_All.csv').read_text().splitlines()
    name, word = lines[3].split()
    number = int(name.rsplit('/', 1)[1])
    assert name.split('/')[1] == word
    ours = sorted((root / '2_ClipsforFaceCrop' / name).iterdir())
    theirs = sorted((demo_root / 'Clip/clip_224x224' / f'{number:05d}').iterdir())
    assert [p.read_bytes() for p in ours] == [p.read_bytes() for p in theirs]


def test_refusals(demo_root, tmp_path):
    with pytest.raises(ValueError, match='layout must be one of .*ferv39k'):
        lay_out(demo_root, tmp_path / 'x', 'raf')
    with pytest.raises(FileNotFoundError, match='is not a demo set'):
        lay_out(tmp_path, tmp_path / 'x', 'csv')
    lay_out(demo_root, tmp_path / 'x', 'csv')
    with pytest.raises(FileExistsError, match='already exists'):
        lay_out(demo_root, tmp_path / 'x', 'csv')
    only = make_demo(
        tmp_path / 'few', num_clips=7, num_identities=2, folds=2, max_frames=12,
        unlabelled=0, sources=['16f'],
    )['root']  # fmt: skip
    for layout in set(LAYOUTS) - {'csv'}:
        with pytest.raises(FileNotFoundError, match='draw it with the source'):
            lay_out(only, tmp_path / layout, layout)
        assert not (tmp_path / layout).exists()
    assert not list(tmp_path.glob('.part-*'))


def test_command(demo_root, run, tmp_path):
    tool = ['python', 'tools/data/make_demo.py', tmp_path / 'd', '--num-clips', 7,
            '--num-identities', 2, '--folds', 2, '--max-frames', 12, '--unlabelled', 0,
            '--sources', '16f', '--layout', 'csv', tmp_path / 'own']  # fmt: skip
    assert 'own: laid out as csv' in run(*tool).stdout
    train, test = (
        (tmp_path / f'own/set_2/{part}.csv').read_text().splitlines()
        for part in ('train', 'test')
    )
    assert train[0] == test[0] == 'path,label' and len(train) + len(test) == 9
    frames = list((tmp_path / 'own' / train[1].split(',')[0]).iterdir())
    assert len(frames) == 16
    assert 'own: already exists' in run(*tool).stdout
