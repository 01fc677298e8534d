"""Clips are identified by their real path."""

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dfew_mmaction.datasets import DFEWDataset, ExpressionDataset
from dfew_mmaction.engine.hooks.data_consistency_hook import _check_disjoint

quick = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def own(tmp_path):
    """Three clips, and a link to the folder that has them."""
    for number in (1, 2, 3):
        folder = tmp_path / 'set' / 'clips' / f'0000{number}'
        folder.mkdir(parents=True)
        (folder / '1.jpg').touch()
    (tmp_path / 'set' / 'linked').symlink_to('clips')
    (tmp_path / 'set' / 'third').symlink_to('clips/00003')
    return tmp_path / 'set'


def write(root, part, paths):
    (root / f'{part}.csv').write_text(
        'path,label\n' + ''.join(f'{p},sad\n' for p in paths)
    )


def spellings(root):
    ends = st.sampled_from(['', '/', '//', '/.'])
    starts = ['clips/00003', './clips//00003', 'clips/../clips/00003', 'linked/00003']
    starts += [f'{root}/clips/00003', 'third', f'{root}/../{root.name}/linked/00003']
    return st.builds('{}{}'.format, st.sampled_from(starts), ends)


@quick
@given(st.data())
def test_train_and_test_are_told_apart_by_place(own, data):
    write(own, 'train', ['clips/00001', data.draw(spellings(own))])
    write(own, 'test', ['clips/00002', data.draw(spellings(own))])
    with pytest.raises(ValueError, match='disjoint') as error:
        ExpressionDataset(own)
    assert 'train.csv, row 3' in str(error.value)
    assert 'test.csv, row 3' in str(error.value)


@quick
@given(st.data())
def test_a_list_has_a_place_once(own, data):
    paths = data.draw(st.lists(spellings(own), min_size=2, max_size=2))
    write(own, 'train', ['clips/00001', *paths])
    with pytest.raises(
        ValueError, match=r'row 4: clip .* listed again, first in .*row 3'
    ):
        ExpressionDataset(own)


def test_roots_in_two_spellings_are_one_root(demo_root, tmp_path):
    link = tmp_path / 'link'
    link.symlink_to(demo_root)
    train = DFEWDataset(demo_root, fold=1)
    for root in (f'{demo_root}/', os.path.relpath(demo_root), link):
        _check_disjoint(dict(train=[train], val=[DFEWDataset(root, split='test')]))
        for other in (dict(fold=2, split='test'), dict(source='original')):
            val = DFEWDataset(root, **other)
            with pytest.raises(ValueError, match='both trained and scored on'):
                _check_disjoint(dict(train=[train], val=[val]))


def test_one_clip_in_two_sets_is_one_clip(own, tmp_path):
    write(own, 'train', ['clips/00003'])
    (tmp_path / 'other').mkdir()
    write(tmp_path / 'other', 'test', ['../set/third'])
    train, val = (
        ExpressionDataset(own),
        ExpressionDataset(tmp_path / 'other', split='test'),
    )
    with pytest.raises(ValueError, match=r'1 clips are both .* such as \.\./set/third'):
        _check_disjoint(dict(train=[train], val=[val]))


def test_numbers_and_strings_name_classes(own):
    (own / 'train.csv').write_text('path,label\nclips/00001,2\nclips/00002,0\n')
    data = ExpressionDataset(own, classes=[0, 1, 2])
    assert data.metainfo['classes'] == ('0', '1', '2')
    assert [data.get_data_info(i)['label'] for i in range(2)] == [2, 0]
    with pytest.raises(ValueError, match='classes must be a list'):
        ExpressionDataset(own, classes='happy')


def test_class_balanced_and_concatenated(own):
    from mmengine.dataset import ClassBalancedDataset, ConcatDataset

    (own / 'train.csv').write_text('path,label\nclips/00001,sad\nclips/00002,happy\n')
    one, other = ExpressionDataset(own), ExpressionDataset(own, name='other')
    assert len(ClassBalancedDataset(one, oversample_thr=0.9)) >= 2
    with pytest.raises(ValueError, match='meta information'):
        ConcatDataset([one, other])
    both = ConcatDataset([one, other], ignore_keys=['dataset', 'fold', 'source'])
    assert len(both) == 4 and both.get_data_info(3)['label'] == 0
