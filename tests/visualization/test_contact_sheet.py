import numpy as np

from dfew_mmaction.visualization import plot_contact_sheet


def test_four_rows_and_a_frame_without_face():
    frame, face = np.zeros((36, 64, 3), np.uint8), np.ones((8, 8, 3), np.uint8)
    box, points = np.array([10, 5, 30, 30]), np.full((5, 2), 20)
    figure = plot_contact_sheet(
        [frame] * 3,
        [(box, points), None, (box, None)],
        [face, None, face],
        interpolated=[face] * 3,
        frames=[1, 5, 9],
        title='clip 00001',
    )
    grid = np.array(figure.axes).reshape(4, 3)
    assert [axes.get_title() for axes in grid[0]] == ['1', '5', '9']
    assert [len(axes.patches) for axes in grid[1]] == [1, 0, 1]
    assert [len(axes.collections) for axes in grid[1]] == [1, 0, 0]
    assert [t.get_text() for t in grid[2, 1].texts] == ['no face']
    assert [len(axes.images) for axes in grid[2]] == [1, 0, 1]
    assert [axes.get_ylabel() for axes in grid[:, 0]] == [
        'original', 'detected', 'aligned', 'interpolated',
    ]  # fmt: skip
