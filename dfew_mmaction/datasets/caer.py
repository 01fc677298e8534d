"""CAER as a MMAction2 data set."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mmaction.registry import DATASETS

from ..utils import CLASSES
from .listed import ListedExpressionDataset
from .trees import ListedClip, find_in_tree, list_class_folders

FOLDERS = {'train': 'train', 'val': 'validation', 'test': 'test'}


@DATASETS.register_module()
class CAERDataset(ListedExpressionDataset):
    """One part of CAER (Lee et al., ICCV 2019)::

        CAER/{train,validation,test}/<Emotion>/0001.avi

    The videos show whole scenes, not aligned faces. ``video_id`` is
    ``'train/Anger/0001'``, since the numbers begin anew in each folder.

    Args:
        data_root (str): Folder of the set.
        pipeline (list[dict | callable]): Transforms. Defaults to none.
        split (str): ``'train'``, ``'test'``, or ``'val'``: the set's validation part,
            or with a ``val_fraction`` that share of ``'train'``. Defaults to
            ``'train'``.
        source (str): ``'video'``, or ``'frames'`` for folders of frames in their
            place. Defaults to ``'video'``.
        **kwargs: See :class:`ListedExpressionDataset`.
    """

    METAINFO = dict(dataset='CAER', classes=CLASSES)
    SOURCES = ('video', 'frames')
    HAS_VAL = True

    def __init__(
        self,
        data_root: str,
        pipeline: Sequence[Any] = (),
        split: str = 'train',
        *,
        source: str = 'video',
        **kwargs: Any,
    ) -> None:
        super().__init__(data_root, pipeline, split, source, **kwargs)

    def list_clips(self, part: str) -> tuple[list[ListedClip], Path]:
        """List the folders of a part."""
        name = FOLDERS[part]
        places = [f'CAER/{name}', name]
        folder = find_in_tree(self.data_root, places, f"part '{part}'")
        clips = [
            ListedClip(f'{name}/{word}/{clip}', word, path, str(folder / word))
            for word, clip, path in list_class_folders(folder, self.source == 'frames')
        ]
        if not clips:
            kind = 'videos' if self.source == 'video' else 'folders of frames'
            raise FileNotFoundError(f"'{folder}' has no {kind} in `<Emotion>/`")
        return clips, folder
