"""The data set MAFW."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mmaction.registry import DATASETS

from ..utils import MAFW_CLASSES, class_word
from .listed import ListedExpressionDataset
from .trees import ListedClip, find_in_tree, read_lines

FOLDERS = {
    'frames': ('data/faces', 'data/frames', 'faces', 'frames'),
    'video': ('data/clips', 'clips'),
}


@DATASETS.register_module()
class MAFWDataset(ListedExpressionDataset):
    """One part of one fold of MAFW (Liu et al., ACM MM 2022)::

        MAFW/
        ├── data/faces/03747/*                           aligned faces
        ├── data/clips/03747.mp4                         the clips as cut
        └── Train & Test Set/{single,compound}/{no,with}_caption/set_1/{train,test}.txt

    A line is ``03747.mp4 anger``; lists with captions have tabs and are in GBK. The
    folders may be one level deeper, and the lists may be ``set_1/train.txt`` in the
    root.

    Args:
        data_root (str): Folder of the release.
        fold (int): Number of the fold, 1 to 5. Defaults to 1.
        label_type (str): ``'single'``, with eleven classes, or ``'compound'``, which
            adds combinations such as ``'anger_disgust'``: the classes are those in the
            two lists of the fold, single ones first. Defaults to ``'single'``.
        captioned (bool): Read the lists with captions, which lack the neutral clips.
            The captions are dropped. Defaults to False.
        classes (Sequence[str], optional): See :class:`BaseExpressionDataset`.
        **kwargs: See :class:`ListedExpressionDataset`; ``source`` is ``'frames'``
            (default) or ``'video'``.
    """

    METAINFO = dict(dataset='MAFW', classes=MAFW_CLASSES)
    LABEL_TYPES = ('single', 'compound')
    HAS_FOLDS = True

    def __init__(
        self,
        data_root: str,
        pipeline: Sequence[Any] = (),
        *,
        fold: int = 1,
        label_type: str = 'single',
        captioned: bool = False,
        classes: Sequence[str] | None = None,
        **kwargs: Any,
    ) -> None:
        label_type = kwargs.get('labels', label_type)
        self.data_root, self.fold = data_root, fold
        self.label_type, self.captioned = label_type, captioned
        if label_type == 'compound' and classes is None:
            classes = self._compound_classes()
        super().__init__(
            data_root, pipeline, fold=fold, label_type=label_type, classes=classes,
            **kwargs,
        )  # fmt: skip
        self._metainfo.update(labels=label_type)

    def list_clips(self, part: str) -> tuple[list[ListedClip], Path]:
        """Read the list of a part."""
        folder = find_in_tree(
            self.data_root, FOLDERS[self.source], f"clips of source '{self.source}'"
        )
        clips = []
        for name, word, where in self._rows(part):
            stem = Path(name).stem
            path = folder / (stem if self.source == 'frames' else name)
            clips.append(ListedClip(stem, word, str(path), where))
        return clips, folder

    def _rows(self, part: str) -> list[tuple[str, str, str]]:
        """Read file name, class name and row of each clip in a list."""
        kind = f'{self.label_type}/{"with" if self.captioned else "no"}_caption'
        file = f'set_{self.fold}/{part}.txt'
        lists = [f'Train & Test Set/{kind}/{file}', f'{kind}/{file}', file]
        what = f"list for fold {self.fold}, part '{part}'"
        path = find_in_tree(self.data_root, lists, what)
        rows = []
        for number, line in read_lines(path):
            cells = line.split('\t') if '\t' in line else line.split()
            name, where = cells[0].strip(), f'{path}, row {number}'
            fits = len(cells) == 2 or ('\t' in line and len(cells) > 2)
            if not fits or not Path(name).stem.isdecimal() or Path(name).name != name:
                raise ValueError(
                    f"{where}: expected `03747.mp4 anger`, found '{line[:80]}'. Is "
                    'this a list of MAFW?'
                )
            rows.append((name, cells[1].strip(), where))
        return rows

    def _compound_classes(self) -> Sequence[str]:
        order = {name: number for number, name in enumerate(MAFW_CLASSES)}
        found = {}
        for part in ('train', 'test'):
            for name, word, where in self._rows(part):
                parts = class_word(word).split('_')
                if unknown := [p for p in parts if p not in order]:
                    raise ValueError(
                        f"{where}: clip {Path(name).stem} is '{word}', and "
                        f"'{unknown[0]}' is not one of the classes {MAFW_CLASSES}"
                    )
                found['_'.join(parts)] = [len(parts), *(order[p] for p in parts)]
        return sorted(found, key=found.__getitem__)
