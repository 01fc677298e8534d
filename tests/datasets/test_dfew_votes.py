"""Training on the distribution of the annotators' votes."""

import shutil

import numpy as np
import pandas as pd
import pytest

from dfew_mmaction.datasets import ClassBalancedBatchSampler, DFEWDataset
from dfew_mmaction.utils import CLASSES


@pytest.fixture
def votes(demo_root):
    table = pd.read_excel(demo_root / 'Annotation' / 'annotation.xlsx')
    return table.set_index('order')


def by_number(data):
    return {
        int(info['video_id']): info
        for info in map(data.get_data_info, range(len(data)))
    }


def test_shares_beside_the_single_label(demo_root, votes):
    plain = by_number(DFEWDataset(demo_root, fold=2))
    infos = by_number(DFEWDataset(demo_root, fold=2, label_type='distribution'))
    assert infos.keys() == plain.keys()
    for number, info in infos.items():
        assert info['label'] == plain[number]['label']
        share = info['label_distribution']
        assert share.dtype == np.float32 and share.shape == (7,)
        counts = [votes.loc[number, f'{i}{c}'] for i, c in enumerate(CLASSES, 1)]
        np.testing.assert_allclose(share, np.array(counts) / 10, rtol=1e-6)


def test_clips_without_a_single_label(demo_root, votes):
    listed = DFEWDataset(demo_root, label_type='distribution')
    data = DFEWDataset(demo_root, label_type='distribution', unlabelled=True)
    more = by_number(data).keys() - by_number(listed).keys()
    # The demo set writes the faces of all clips that have some.
    without = set(votes.index[votes['label'] == 0])
    assert more and more <= without
    test = by_number(DFEWDataset(demo_root, split='test'))
    assert not test.keys() & by_number(data).keys()
    infos = by_number(data)
    assert all(infos[number]['label'] == -1 for number in more)
    assert sum(data.class_counts().values()) == len(listed)
    assert data[0] is not None


def test_not_on_disk_are_left_out(demo_copy):
    before = DFEWDataset(demo_copy, label_type='distribution', unlabelled=True)
    gone = [n for n, info in by_number(before).items() if info['label'] == -1][0]
    shutil.rmtree(demo_copy / 'Clip' / 'clip_224x224_16f' / f'{gone:05d}')
    after = DFEWDataset(demo_copy, label_type='distribution', unlabelled=True)
    assert by_number(before).keys() - by_number(after).keys() == {gone}


def test_other_parts_and_labels_are_refused(demo_root):
    for options in (
        dict(label_type='distribution', split='test'),
        dict(label='single'),
    ):
        with pytest.raises(
            ValueError, match="label_type='distribution' and split='train'"
        ):
            DFEWDataset(demo_root, unlabelled=True, **options)
    with pytest.raises(ValueError, match="label_type must be one of .* got 'soft'"):
        DFEWDataset(demo_root, label='soft')
    data = DFEWDataset(demo_root, label_type='distribution', unlabelled=True)
    with pytest.raises(ValueError, match='has no single label'):
        ClassBalancedBatchSampler(range_sampler(data), batch_size=14)


def range_sampler(data):
    from mmengine.dataset import DefaultSampler

    return DefaultSampler(data, shuffle=True, seed=0)


def test_votes_that_are_missing(demo_copy, votes):
    folder = demo_copy / 'Annotation'
    listed = min(by_number(DFEWDataset(demo_copy)))
    (folder / 'annotation.xlsx').unlink()
    with pytest.raises(FileNotFoundError, match='annotation.xlsx and .*annotation.csv'):
        DFEWDataset(demo_copy, label_type='distribution')
    table = votes.reset_index()
    table.to_csv(folder / 'annotation.csv', index=False)
    assert len(DFEWDataset(demo_copy, label_type='distribution'))
    table[table['order'] != listed].to_csv(folder / 'annotation.csv', index=False)
    with pytest.raises(ValueError, match=f'no votes for 1 of the .* first is {listed}'):
        DFEWDataset(demo_copy, label_type='distribution')
