import pickle

import numpy as np
import pytest
from sklearn.metrics import silhouette_score

from dfew_mmaction.evaluation.functional import (
    read_embeddings,
    separation,
    write_embeddings,
)


def test_what_is_written_is_read(tmp_path):
    path = tmp_path / 'e.npz'
    rows = np.random.default_rng(0).random((3, 5))
    write_embeddings(path, ['00001', '00002', '10'], [0, 1, 1], rows, ('a', 'b'))
    got = read_embeddings(path)
    assert got.video_ids.tolist() == ['00001', '00002', '10']
    assert got.classes == ('a', 'b') and got.labels.dtype == np.int64
    np.testing.assert_array_equal(got.embeddings, rows.astype(np.float32))


def test_foreign_files_are_refused(tmp_path):
    np.savez(tmp_path / 'other.npz', x=[1])
    (tmp_path / 'text.npz').write_text('no')
    (tmp_path / 'pickle.npz').write_bytes(pickle.dumps([1]))
    for name in ('other', 'text', 'pickle'):
        with pytest.raises(ValueError, match=f'{name}.npz is not an embeddings file'):
            read_embeddings(tmp_path / f'{name}.npz')


def test_parts_that_do_not_fit_are_refused(tmp_path):
    write_embeddings(tmp_path / 'e.npz', ['1'], [0, 1], np.ones((2, 3)), ('a', 'b'))
    with pytest.raises(ValueError, match='1 names, 2 labels'):
        read_embeddings(tmp_path / 'e.npz')


def test_separation_against_plain_loops():
    rng = np.random.default_rng(0)
    rows, labels = rng.normal(size=(30, 4)), rng.integers(0, 3, 30)
    sums = {True: [], False: []}
    for i in range(30):
        for j in range(i):
            distance = np.sqrt(((rows[i] - rows[j]) ** 2).sum())
            sums[bool(labels[i] == labels[j])].append(distance)
    got = separation(rows, labels)
    assert got['within'] == pytest.approx(np.mean(sums[True]))
    assert got['between'] == pytest.approx(np.mean(sums[False]))
    assert got['ratio'] == pytest.approx(np.mean(sums[True]) / np.mean(sums[False]))
    assert got['silhouette'] == pytest.approx(silhouette_score(rows, labels))


def test_separation_needs_two_classes():
    with pytest.raises(ValueError, match='at least two classes'):
        separation(np.ones((3, 2)), [1, 1, 1])


@pytest.mark.parametrize(
    'labels, embeddings, message',
    [
        ([0, 2], np.ones((2, 3)), 'clip b has 2'),
        ([0, 1], np.array([[1, 2], [1, np.nan]]), '1 of 2 clips are not finite.* b'),
    ],
)
def test_labels_and_embeddings_out_of_range(tmp_path, labels, embeddings, message):
    write_embeddings(tmp_path / 'e.npz', ['a', 'b'], labels, embeddings, ['x', 'y'])
    with pytest.raises(ValueError, match=message):
        read_embeddings(tmp_path / 'e.npz')
