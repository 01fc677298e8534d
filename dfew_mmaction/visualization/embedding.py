"""Embeddings in the plane (figure 4 of the DFEW paper)."""

from collections.abc import Sequence

import numpy as np
from matplotlib import color_sequences
from matplotlib.figure import Figure
from sklearn.manifold import TSNE

from ..utils import check_labels
from ..utils.text import figure_text

METHODS = ('tsne', 'umap')


def project(
    embeddings: np.ndarray, method: str = 'tsne', seed: int = 0, **kwargs: object
) -> np.ndarray:
    """Project embeddings to the plane.

    Args:
        embeddings (np.ndarray): Shape (n, d), n of at least 4.
        method (str): ``'tsne'`` (scikit-learn), or ``'umap'`` (umap-learn). Defaults to
            ``'tsne'``.
        seed (int): Seed of the random numbers. Defaults to 0.
        **kwargs: Options of the method, such as ``perplexity``, which defaults to 30,
            or less for fewer than 91 samples.

    Returns:
        np.ndarray: Shape (n, 2).

    Raises:
        ValueError: For an unknown method or too few embeddings.
        ModuleNotFoundError: If umap-learn is needed and not installed.
    """
    if method not in METHODS:
        raise ValueError(f'method must be one of {METHODS}, got {method!r}')
    embeddings = np.asarray(embeddings, np.float32)
    if embeddings.ndim != 2 or len(embeddings) < 4:
        raise ValueError(
            f'expected at least 4 embeddings, shape (n, d), got {embeddings.shape}'
        )
    if method == 'tsne':
        kwargs.setdefault('perplexity', min(30.0, (len(embeddings) - 1) / 3))
        return TSNE(random_state=seed, init='pca', **kwargs).fit_transform(embeddings)
    try:
        from umap import UMAP
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "UMAP is not installed: `pip install umap-learn`, or use method='tsne'"
        ) from error
    return UMAP(random_state=seed, **kwargs).fit_transform(embeddings)


def plot_embeddings(
    points: Sequence[np.ndarray],
    labels: Sequence[np.ndarray],
    classes: Sequence[str],
    *,
    titles: Sequence[str] | None = None,
) -> Figure:
    """Draw sets of points in a row, with one colour per class.

    Args:
        points (Sequence[np.ndarray]): Sets of shape (n, 2) each, see :func:`project`.
        labels (Sequence[np.ndarray]): Their labels, shape (n, ) each.
        classes (Sequence[str]): Names by label.
        titles (Sequence[str], optional): One per set. Defaults to (a), (b), ….

    Returns:
        matplotlib.figure.Figure: Not shown, not known to pyplot.

    Raises:
        ValueError: If a label is not a class, or a point has no label or is not finite.
    """
    for plane, of_class in zip(points, labels):
        check_labels(of_class, len(classes))
        if np.shape(plane) != (len(of_class), 2) or not np.isfinite(plane).all():
            raise ValueError(
                f'expected {len(of_class)} points (one per label) of shape (n, 2), all '
                f'finite, got shape {np.shape(plane)}'
            )
    titles = titles or [f'({letter})' for letter in 'abcdefgh'[: len(points)]]
    figure = Figure(figsize=(4.6 * len(points) + 1.2, 4.6), layout='constrained')
    panels = figure.subplots(1, len(points), squeeze=False)[0]
    colors = color_sequences['tab10']
    for axes, plane, of_class, title in zip(panels, points, labels, titles):
        for number, name in enumerate(classes):
            mine = plane[np.asarray(of_class) == number]
            axes.scatter(
                *mine.T, s=10, alpha=0.75, color=colors[number % 10], linewidths=0,
                label=figure_text(name),
            )  # fmt: skip
        axes.set(xticks=[], yticks=[], title=figure_text(title))
    handles, names = panels[0].get_legend_handles_labels()
    figure.legend(handles, names, loc='outside right center', markerscale=2.5)
    return figure
