"""Label lists and groups, and folds of a custom data set."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from ..utils import CLASSES, read_columns, read_rows, real_paths, write_rows
from .dfew.split_csv import HEADER, read_split_csv
from .listed import check_unique
from .trees import ListedClip

#: Header of the lists of :class:`.ExpressionDataset`.
OWN_HEADER = ['path', 'label']


def label_list_kind(path: str | Path) -> str:
    """Determine the kind of a label file by its header.

    Args:
        path (str | Path): The file.

    Returns:
        str: ``'release'`` for a CSV with ``video_name,label``, ``'own'`` for a CSV with
        ``path`` and ``label``, else ``'votes'``.
    """
    path = Path(path)
    if path.suffix.lower() != '.csv' or not path.is_file():
        return 'votes'
    header = [cell.strip() for cell in read_rows(path)[0][1]]
    if header == HEADER:
        return 'release'
    return 'own' if set(OWN_HEADER) <= set(header) else 'votes'


def read_release_labels(path: str | Path) -> pd.Series:
    """Read labels from 1 by clip number from a CSV with ``video_name,label``."""
    return pd.Series(read_split_csv(path, len(CLASSES))) + 1


def read_own_labels(path: str | Path, root: str | Path) -> pd.Series:
    """Read class names by path from a CSV with ``path,label``.

    Args:
        path (str | Path): The CSV.
        root (str | Path): Folder of relative paths.

    Returns:
        pandas.Series: In the order of the file.

    Raises:
        ValueError: If the file is malformed or contains a clip twice. The message names
            file and row.
    """
    rows = read_columns(path, OWN_HEADER)
    rows = [(where, [cell.strip() for cell in cells]) for where, cells in rows]
    check_unique(
        [
            ListedClip(name, label, str(Path(root) / name), where)
            for where, (name, label) in rows
        ]
    )
    return pd.Series({name: label for _, (name, label) in rows}, dtype=object)


def read_groups(path: str | Path, root: str | Path, own: bool = False) -> pd.Series:
    """Read the group of each clip as text, including ``NA`` and ``007``.

    Args:
        path (str | Path): CSV with the header ``video_name,group``, or ``path,group``
            for a custom set.
        root (str | Path): Folder of relative paths.
        own (bool): Whether the set is a custom one. Defaults to False.

    Returns:
        pandas.Series: By clip number, or by real path for a custom set.

    Raises:
        ValueError: If the header differs, a clip number is not a number, or a cell is
            empty. The message names file and row.
    """
    column = 'path' if own else 'video_name'
    (line, header), *_ = read_rows(path)
    if [cell.strip() for cell in header] != [column, 'group']:
        raise ValueError(
            f"{path}, row {line}: expected the header '{column},group', found "
            f"'{','.join(header)}'"
        )
    rows = read_columns(path, (column, 'group'))
    names = [cells[0].strip() for _, cells in rows]
    if own:
        clips: Sequence[int | str] = real_paths(Path(root) / name for name in names)
    else:
        for (where, _), name in zip(rows, names):
            if not (name.isascii() and name.isdigit()):
                raise ValueError(f"{where}: expected a clip number, found '{name}'")
        clips = [int(name) for name in names]
    return pd.Series([cells[1] for _, cells in rows], clips, dtype=object)


def own_list(root: str | Path, fold: int | str, part: str) -> Path:
    """Path of the list of a part, as in ``ann_file='set_{fold}/{split}.csv'``."""
    return Path(root) / f'set_{fold}' / f'{part}.csv'


def write_own_folds(root: str | Path, labels: pd.Series, folds: pd.Series) -> None:
    """Write ``set_<fold>/{train,test}.csv`` of all folds.

    Lists of other folds are removed, such as the fifth if there are now three: their
    clips would be both trained and tested on.

    Args:
        root (str | Path): Folder of the set.
        labels (pandas.Series): Class names by path, of :func:`read_own_labels`.
        folds (pandas.Series): Fold from 1 by path.
    """
    numbers = sorted(set(folds))
    for old in own_lists(root):
        if old.parent.name.removeprefix('set_') not in set(map(str, numbers)):
            old.unlink()
    for fold in numbers:
        for part in ('train', 'test'):
            rows = [
                (name, label)
                for name, label in labels.items()
                if (folds[name] == fold) == (part == 'test')
            ]
            write_rows(own_list(root, fold, part), OWN_HEADER, rows)


def own_lists(root: str | Path) -> list[Path]:
    """Existing lists of all folds."""
    return [
        path
        for part in ('train', 'test')
        for path in sorted(Path(root).glob(f'set_*/{part}.csv'))
        if path.parent.name.removeprefix('set_').isdecimal()
    ]
