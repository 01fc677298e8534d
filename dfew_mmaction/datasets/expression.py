"""A custom data set: clips in CSV files."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mmaction.registry import DATASETS

from ..utils import read_columns
from .listed import ListedExpressionDataset
from .trees import ListedClip


@DATASETS.register_module()
class ExpressionDataset(ListedExpressionDataset):
    """Clips that are listed in CSV files, one file per part::

        path,label
        clips/00001,happy
        clips/00002.mp4,sad

    A path names a folder of frames or a video; it is absolute or relative to
    ``data_root``. ``video_id`` is the path as written in the list. Other columns are
    ignored.

    Args:
        data_root (str): Folder of relative paths.
        pipeline (list[dict | callable]): Transforms. Defaults to none.
        ann_file (str): The CSV, absolute or relative to ``data_root``; ``{split}`` is
            replaced by train, val or test, ``{fold}`` by the number of the fold.
            Defaults to ``'{split}.csv'``.
        fold (int, optional): Number of the fold, if ``ann_file`` has ``{fold}``.
            Defaults to None.
        classes (Sequence[str], optional): Names of the classes in the order of the
            labels. Defaults to the seven of DFEW.
        name (str, optional): Name of the set in reports and checkpoints. Defaults to
            the name of ``data_root``.
        **kwargs: See :class:`ListedExpressionDataset`; ``source`` is ``'frames'``
            (default) or ``'video'``. ``split='val'`` reads its CSV unless
            ``val_fraction`` is set.
    """

    HAS_VAL = True

    def __init__(
        self,
        data_root: str,
        pipeline: Sequence[Any] = (),
        *,
        ann_file: str = '{split}.csv',
        fold: int | None = None,
        classes: Sequence[str] | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        if (fold is None) == ('{fold}' in ann_file):
            raise ValueError(
                f"ann_file is '{ann_file}' and fold is {fold}: set a fold if and only "
                'if the name contains {fold}, as in set_{fold}/{split}.csv'
            )
        self.HAS_FOLDS, self._lists = fold is not None, ann_file
        super().__init__(data_root, pipeline, fold=fold, classes=classes, **kwargs)
        self._metainfo.update(dataset=name or Path(data_root).resolve().name)

    def list_clips(self, part: str) -> tuple[list[ListedClip], Path]:
        """Read the list of a part."""
        root = Path(self.data_root)
        name = self._lists.replace('{split}', part).replace('{fold}', str(self.fold))
        path = root / name
        if not path.is_file():
            raise FileNotFoundError(
                f"There is no list '{path}' of part '{part}': write a CSV with the "
                'header path,label, or set `data_root` and `ann_file`'
            )
        return [
            ListedClip(name, word, str(root / name), where)
            for where, (name, word) in (
                (where, [cell.strip() for cell in cells])
                for where, cells in read_columns(path, ('path', 'label'))
            )
        ], root
