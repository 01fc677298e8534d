import numpy as np
import pandas as pd

from dfew_mmaction.visualization import plot_cooccurrence


def test_cells_in_percent_and_blanks():
    shares = pd.DataFrame([[0.75, 0.25], [np.nan, np.nan]], ['a', 'b'], ['a', 'b'])
    axes = plot_cooccurrence(shares, 'mine').axes[0]
    assert [text.get_text() for text in axes.texts] == ['75.0', '25.0']
    assert [label.get_text() for label in axes.get_yticklabels()] == ['a', 'b']
    assert axes.get_title() == 'mine'
