"""Contact sheet of a clip: from the video to the network's input."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

ROWS = ('original', 'detected', 'aligned', 'interpolated')
Outline = tuple[np.ndarray, np.ndarray | None]


def plot_contact_sheet(
    originals: Sequence[np.ndarray],
    faces: Sequence[Outline | None],
    aligned: Sequence[np.ndarray | None],
    *,
    interpolated: Sequence[np.ndarray],
    frames: Sequence[int],
    title: str = '',
) -> Figure:
    """Draw some frames of a clip in four rows.

    Args:
        originals (Sequence[np.ndarray]): Frames as recorded, uint8 of (H, W, 3) in RGB.
        faces (Sequence[tuple | None]): Box (x1, y1, x2, y2) and landmarks (5, 2) or
            None of each frame, in pixels; None without a face.
        aligned (Sequence[np.ndarray | None]): Aligned face of each frame in RGB.
        interpolated (Sequence[np.ndarray]): As many evenly spaced frames of the
            interpolated clip.
        frames (Sequence[int]): Numbers of the originals, from 1.
        title (str): Defaults to none.

    Returns:
        matplotlib.figure.Figure: The sheet.
    """
    columns = len(originals)
    shape = originals[0].shape
    ratios = [min(shape[0] / shape[1], 1.3)] * 2 + [1, 1]
    figure = Figure(
        figsize=(1.6 * columns + 0.4, 1.6 * sum(ratios) + 0.8), layout='constrained'
    )
    grid = figure.subplots(4, columns, squeeze=False, height_ratios=ratios)
    figure.suptitle(title, fontsize=10)
    for row, name in enumerate(ROWS):
        for axes in grid[row]:
            axes.set_xticks([])
            axes.set_yticks([])
        grid[row, 0].set_ylabel(name)
    for column in range(columns):
        grid[0, column].imshow(originals[column])
        grid[0, column].set_title(f'{frames[column]}', fontsize=8)
        grid[1, column].imshow(originals[column])
        if (face := faces[column]) is not None:
            _outline(grid[1, column], *face)
        if aligned[column] is not None:
            grid[2, column].imshow(aligned[column])
        else:
            grid[2, column].text(
                0.5, 0.5, 'no face', ha='center', va='center',
                transform=grid[2, column].transAxes,
            )  # fmt: skip
        grid[3, column].imshow(interpolated[column])
    return figure


def _outline(axes, box: np.ndarray, landmarks: np.ndarray | None) -> None:
    width, height = box[2] - box[0], box[3] - box[1]
    axes.add_patch(
        Rectangle(
            tuple(box[:2]), width, height, fill=False, edgecolor='lime', linewidth=1.2
        )
    )
    if landmarks is not None:
        axes.scatter(*np.asarray(landmarks).T, s=4, c='red')
