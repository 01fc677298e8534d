import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from dfew_mmaction.visualization import (
    plot_confusion_matrices,
    plot_cooccurrence,
    plot_embeddings,
    plot_sweep,
    plot_training,
    project,
)


def saved(figure, tmp_path):
    figure.savefig(tmp_path / 'f.png')
    assert not plt.get_fignums()
    return (tmp_path / 'f.png').read_bytes()[:4] == b'\x89PNG'


def test_confusion_matrices_with_counts(tmp_path):
    first, second = np.array([[3, 1], [0, 4]]), np.array([[2, 2], [1, 3]])
    figure = plot_confusion_matrices(
        [first, second], 'ab', ['C3D', 'EC-STFL'], counts=True
    )
    left, right = figure.axes[:2]
    assert [text.get_text() for text in left.texts][:2] == ['75.0\n3', '25.0\n1']
    assert [text.get_text() for text in right.texts][:2] == ['50.0\n2', '50.0\n2']
    assert [axes.get_title() for axes in (left, right)] == ['C3D', 'EC-STFL']
    assert saved(figure, tmp_path)


def test_projection_keeps_clusters_and_is_the_same_again():
    rng = np.random.default_rng(0)
    rows = np.concatenate([rng.normal(size=(20, 8)), rng.normal(30, 1, (20, 8))])
    points = project(rows)
    np.testing.assert_array_equal(points, project(rows))
    centres = points[:20].mean(axis=0), points[20:].mean(axis=0)
    spread = np.linalg.norm(points[:20] - centres[0], axis=1).mean()
    assert np.linalg.norm(centres[0] - centres[1]) > 2 * spread


def test_projection_of_few_and_by_others():
    assert project(np.eye(4)).shape == (4, 2)
    with pytest.raises(ValueError, match='at least 4'):
        project(np.eye(3))
    with pytest.raises(ValueError, match='method must be one of'):
        project(np.eye(4), 'pca')
    try:
        import umap  # noqa: F401
    except ModuleNotFoundError:
        with pytest.raises(ModuleNotFoundError, match='pip install umap-learn'):
            project(np.eye(4), 'umap')


def test_embeddings_one_colour_a_class(tmp_path):
    points = np.arange(12.0).reshape(6, 2)
    labels = np.array([0, 0, 1, 1, 2, 2])
    figure = plot_embeddings([points, points], [labels, labels], 'abc')
    for axes, title in zip(figure.axes, ['(a)', '(b)']):
        assert axes.get_title() == title
        assert [len(c.get_offsets()) for c in axes.collections] == [2, 2, 2]
        colors = {tuple(c.get_facecolor()[0]) for c in axes.collections}
        assert len(colors) == 3
    assert saved(figure, tmp_path)


def test_sweep_draws_means_of_what_is_there(tmp_path):
    def run(uar, war):
        return dict(UAR=uar, WAR=war)

    scores = {
        'c3d': {10: [run(0.4, 0.5), run(0.5, 0.6)], 1: [run(0.3, 0.4)]},
        'r3d18': {100: [run(0.2, 0.3)]},
    }
    figure = plot_sweep(scores, 'λ')
    axes = figure.axes[0]
    assert [t.get_text() for t in axes.get_xticklabels()] == ['1', '10', '100']
    lines = {c.get_label(): c.lines[0].get_ydata() for c in axes.containers}
    assert lines['c3d WAR'] == pytest.approx([40, 55])
    assert lines['r3d18 UAR'] == pytest.approx([20])
    assert saved(figure, tmp_path)


def test_sweep_without_runs():
    with pytest.raises(ValueError, match='no finished run'):
        plot_sweep({}, 'λ')


def test_training_curves(tmp_path):
    log = {
        1: {'loss': 2.0, 'loss_cls': 1.5, 'acc/UAR': 0.3, 'acc/WAR': 0.4},
        2: {'loss': 1.0, 'loss_cls': 0.5},
    }
    figure = plot_training({'a': log, 'b': log})
    left, right = figure.axes
    losses = {line.get_label(): line.get_ydata() for line in left.lines}
    assert list(losses['a loss_cls']) == [1.5, 0.5] and len(losses) == 4
    assert list(right.lines[0].get_ydata()) == [30]
    assert saved(figure, tmp_path)


def test_what_is_out_of_range_is_not_drawn():
    points, one = np.zeros((2, 2)), {1: [dict(UAR=0.5, WAR=50.0)]}
    for labels in ([0, 3], [0, -1]):
        with pytest.raises(ValueError, match=rf'sample 1 has {labels[1]}'):
            plot_embeddings([points], [np.array(labels)], 'abc')
    with pytest.raises(ValueError, match='expected 1 points'):
        plot_embeddings([points], [np.array([0])], 'abc')
    with pytest.raises(ValueError, match='all finite'):
        plot_embeddings([points * np.nan], [np.array([0, 1])], 'abc')
    for matrix in (np.ones((3, 3), int), np.array([[1, -1], [0, 0]]), np.eye(2)):
        with pytest.raises(ValueError, match=r'expected counts from 0 of shape \(2, 2'):
            plot_confusion_matrices([matrix], 'ab', ['x'])
    with pytest.raises(ValueError, match=r'WAR of c3d, λ 1 must be .* found 50'):
        plot_sweep({'c3d': one}, 'λ')
    with pytest.raises(ValueError, match='acc/UAR of a must be'):
        plot_training({'a': {1: {'loss': 1.0, 'acc/UAR': 30.0}}})
    shares = pd.DataFrame([[0.5, np.nan], [1.5, 0.5]])
    with pytest.raises(ValueError, match='shares must be fractions .* found 1.5'):
        plot_cooccurrence(shares)
