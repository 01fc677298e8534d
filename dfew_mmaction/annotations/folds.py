"""Folds for cross-validation."""

from pathlib import Path

import pandas as pd

from ..utils import write_rows


def make_folds(
    labels: pd.Series,
    num_folds: int = 5,
    seed: int = 0,
    *,
    groups: pd.Series | None = None,
) -> pd.Series:
    """Split clips into folds of equal size, stratified by class.

    Without groups, the folds differ by at most one clip, in total and in each class.
    With groups, all clips of a group are in one fold, by scikit-learn's
    ``StratifiedGroupKFold``.

    Args:
        labels (pandas.Series): Label from 1 by clip; clips with 0 are left out.
        num_folds (int): Defaults to 5.
        seed (int): The same seed gives the same folds. Defaults to 0.
        groups (pandas.Series, optional): Group (movie, identity) by clip.

    Returns:
        pandas.Series: Fold, from 1, whose test part contains the clip; sorted by clip,
        named ``fold``.

    Raises:
        ValueError: For fewer clips or groups than folds, or a clip without a group.
    """
    # Imported here: it takes a second, and reading votes does not need it.
    from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

    labels = labels[labels > 0].sort_index()
    if labels.index.has_duplicates:
        clip = labels.index[labels.index.duplicated()][0]
        raise ValueError(f'clip {clip} has more than one label')
    if num_folds < 2 or len(labels) < num_folds:
        raise ValueError(
            f'{len(labels)} labelled clips cannot be split into {num_folds} folds: '
            'expected at least two folds, and one clip per fold'
        )
    kinds = None
    if groups is not None:
        lacking = labels.index.difference(groups.dropna().index)
        if len(lacking):
            raise ValueError(
                f'{len(lacking)} clips have no group, the first is {lacking[0]}'
            )
        doubled = groups.index[groups.index.duplicated()]
        if len(doubled):
            raise ValueError(f'clip {doubled[0]} has more than one group')
        kinds = groups.loc[labels.index]
        if kinds.nunique() < num_folds:
            raise ValueError(
                f'{kinds.nunique()} groups cannot be split into {num_folds} folds'
            )
        splitter = StratifiedGroupKFold(num_folds, shuffle=True, random_state=seed)
    else:
        splitter = StratifiedKFold(num_folds, shuffle=True, random_state=seed)
        rare = labels.value_counts()
        if rare.max() < num_folds:
            # scikit-learn refuses this: nothing can be stratified.
            raise ValueError(f'no class has {num_folds} clips or more')
    folds = pd.Series(0, labels.index, name='fold')
    parts = splitter.split(labels.to_numpy(), labels.to_numpy(), kinds)
    for number, (_, test) in enumerate(parts, start=1):
        folds.iloc[test] = number
    return folds


def write_folds(root: str | Path, labels: pd.Series, folds: pd.Series) -> None:
    """Write ``set_<fold>.csv`` of all folds, in the release's folders.

    Lists of other folds are removed, such as the fourth and fifth if there are now
    three: their clips would be both trained and tested on.

    Args:
        root (str | Path): Root of the set; the lists are in its ``EmoLabel_DataSplit``.
        labels (pandas.Series): Label from 1 by clip.
        folds (pandas.Series): Fold from 1 by clip, as :func:`make_folds` gives it.
    """
    home = Path(root) / 'EmoLabel_DataSplit'
    table = pd.DataFrame({'video_name': folds.index, 'label': labels.loc[folds.index]})
    for part in ('train', 'test'):
        for old in (home / f'{part}(single-labeled)').glob('set_*.csv'):
            if old.stem.removeprefix('set_') not in set(map(str, folds)):
                old.unlink()
    for fold in sorted(folds.unique()):
        inside = (folds == fold).to_numpy()
        for part, rows in (('train', table[~inside]), ('test', table[inside])):
            path = home / f'{part}(single-labeled)' / f'set_{fold}.csv'
            write_rows(path, list(rows.columns), rows.to_numpy().tolist())
