"""A set of one's own as a MMAction2 data set."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mmaction.registry import DATASETS

from .listed import ListedExpressionDataset
from .trees import ListedClip, read_lines


@DATASETS.register_module()
class ExpressionDataset(ListedExpressionDataset):
    """Clips that CSV files list, one a part::

        path,label
        clips/00001,happy
        clips/00002.mp4,sad

    A path is that of a folder of frames or of a video, from ``data_root`` or absolute.
    ``video_id`` is the path as the list has it. Other columns are not read.

    Args:
        data_root (str): What the paths start from.
        pipeline (list[dict | callable]): Transforms. Defaults to none.
        ann_file (str): The CSV, from ``data_root`` or absolute; ``{split}`` in it
            stands for train, val or test, ``{fold}`` for the number of the fold.
            Defaults to ``'{split}.csv'``.
        fold (int, optional): Number of the fold, where ``ann_file`` has ``{fold}``.
            Defaults to None.
        classes (Sequence[str], optional): Names of the classes in the order of the
            labels. Defaults to the seven of DFEW.
        name (str, optional): What reports and checkpoints call the set. Defaults to
            the name of ``data_root``.
        **kwargs: See :class:`ListedExpressionDataset`; ``source`` is ``'frames'``
            (default) or ``'video'``. ``split='val'`` reads a CSV of its own where no
            ``val_fraction`` is given.
    """

    HAS_VAL = True

    def __init__(
        self,
        data_root: str,
        pipeline: Sequence[Any] = (),
        ann_file: str = '{split}.csv',
        *,
        fold: int | None = None,
        classes: Sequence[str] | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        if (fold is None) == ('{fold}' in ann_file):
            raise ValueError(
                f"ann_file is '{ann_file}' and fold {fold}: give a fold where the name "
                'has {fold}, such as set_{fold}/{split}.csv, and there only'
            )
        self.fold, self._lists = fold, ann_file
        super().__init__(data_root, pipeline, classes=classes, **kwargs)
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
        lines = read_lines(path)
        rows = list(csv.reader(line for _, line in lines))
        header = [cell.strip() for cell in rows[0]]
        if not {'path', 'label'} <= set(header):
            raise ValueError(
                f'{path}, row {lines[0][0]}: expected the header path,label, found '
                f"'{','.join(rows[0])}'"
            )
        columns = header.index('path'), header.index('label')
        clips = []
        for (number, line), row in zip(lines[1:], rows[1:]):
            where = f'{path}, row {number}'
            path_, label = (row[i].strip() if i < len(row) else '' for i in columns)
            if not (path_ and label):
                raise ValueError(
                    f"{where}: expected a path and a label, found '{line}'"
                )
            clips.append(ListedClip(path_, label, str(root / path_), where))
        if not clips:
            raise ValueError(f'{path}: no clips below the header')
        return clips, root
