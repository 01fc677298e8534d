"""The protocol of DFEW: predictions of all test parts are pooled and scored once."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from .functional import read_predictions, uar_war

#: Single-labelled clips of the release in all test parts.
RELEASE_CLIPS = 11697


@dataclass(frozen=True)
class Pooled:
    """Predictions of several folds.

    Attributes:
        video_ids (np.ndarray): Names of the n clips, sorted.
        folds (np.ndarray): Fold of each clip, int64 of shape (n, ).
        labels (np.ndarray): True labels, int64 of shape (n, ).
        scores (np.ndarray): float64 of shape (n, num_classes).
        classes (tuple[str, ...]): Names of the classes.
    """

    video_ids: np.ndarray
    folds: np.ndarray
    labels: np.ndarray
    scores: np.ndarray
    classes: tuple[str, ...]

    @property
    def correct(self) -> np.ndarray:
        """Whether each clip is right, bool of shape (n, )."""
        return self.scores.argmax(axis=1) == self.labels

    def score(self) -> dict[str, float]:
        """UAR, WAR and recalls of all clips."""
        return uar_war(
            self.scores, self.labels, len(self.classes), classes=self.classes
        )

    def score_of_fold(self, fold: int) -> dict[str, float]:
        """UAR, WAR and recalls of one fold."""
        part = self.folds == fold
        return uar_war(
            self.scores[part],
            self.labels[part],
            len(self.classes),
            classes=self.classes,
        )


def pool_folds(
    predictions: Mapping[int, str | Path],
    listed: Mapping[int, Mapping[int | str, int]],
) -> Pooled:
    """Check and pool the predictions of folds.

    Args:
        predictions (Mapping[int, str | Path]): Predictions file of each fold, by
            ``tools/test.py --dump``.
        listed (Mapping[int, Mapping[int | str, int]]): Labels (from 0) by clip number
            or name in the list of each fold's test part.

    Returns:
        Pooled: The predictions of all clips.

    Raises:
        ValueError: If a clip is in the test parts of two folds, predictions are
            missing, or clips, labels or classes differ from those of the fold. The
            message names file and clip.
    """
    seen: dict[str, int] = {}
    for fold, labels in sorted(listed.items()):
        for name in map(_name, labels):
            other = seen.setdefault(name, fold)
            if other != fold:
                raise ValueError(
                    f'clip {name} is in the test parts of the folds {other} and '
                    f'{fold}: it would be scored twice. Are these the lists of one '
                    'release?'
                )
    parts: list[tuple[np.ndarray, ...]] = []
    names: tuple[str, ...] = ()
    for fold, path in sorted(predictions.items()):
        video_ids, targets, scores, classes = read_predictions(path)
        if parts and classes != names:
            raise ValueError(
                f'{path}: the classes are {classes}, in other folds {names}'
            )
        names = classes
        _check(path, fold, dict(zip(video_ids, targets.tolist())), listed[fold])
        parts.append((video_ids, np.full(len(targets), fold), targets, scores))
    if not parts:
        raise ValueError('there are no predictions to pool')
    ids, folds, truth, probabilities = map(np.concatenate, zip(*parts))
    order = np.argsort(ids)
    return Pooled(ids[order], folds[order], truth[order], probabilities[order], names)


def _name(clip: int | str) -> str:
    return clip if isinstance(clip, str) else f'{clip:05d}'


def _check(
    path: str | Path,
    fold: int,
    found: Mapping[str, int],
    listed: Mapping[int | str, int],
) -> None:
    expected = {_name(clip): label for clip, label in listed.items()}
    lacking = sorted(expected.keys() - found.keys())
    foreign = sorted(found.keys() - expected.keys())
    for clips, what in (
        (lacking, f'lacks clips of the test part of fold {fold}'),
        (foreign, f'has clips that are not in the test part of fold {fold}'),
    ):
        if clips:
            raise ValueError(
                f'{path} {what}: {", ".join(clips[:10])}{", …" * (len(clips) > 10)} '
                f'({len(clips)} of {len(expected)}). Test this fold again.'
            )
    for video_id, label in found.items():
        if label != expected[video_id]:
            raise ValueError(
                f'{path}: clip {video_id} has label {label}, in the list of fold '
                f'{fold} it is {expected[video_id]}'
            )


def mean_and_deviation(values: ArrayLike) -> tuple[float, float]:
    """Compute mean and sample standard deviation (n - 1; NaN for one value)."""
    values = np.asarray(values, float)
    deviation = values.std(ddof=1) if len(values) > 1 else float('nan')
    return float(values.mean()), float(deviation)
