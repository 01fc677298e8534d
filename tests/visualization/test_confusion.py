import matplotlib.pyplot as plt
import numpy as np

from dfew_mmaction.visualization import plot_confusion_matrix


def test_shows_percent_of_the_true_class(tmp_path):
    matrix = np.array([[3, 1], [0, 0]])
    figure = plot_confusion_matrix(matrix, ('happy', 'fear'), title='UAR 75%')
    axes = figure.axes[0]
    assert {text.get_text() for text in axes.texts} == {'75.0', '25.0', '0.0'}
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels == ['happy (4)', 'fear (0)']
    assert axes.get_title() == 'UAR 75%'
    figure.savefig(tmp_path / 'c.png')
    assert (tmp_path / 'c.png').read_bytes()[:4] == b'\x89PNG'
    assert not plt.get_fignums()
