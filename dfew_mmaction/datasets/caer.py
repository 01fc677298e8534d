"""The data set CAER."""

from pathlib import Path

from mmaction.registry import DATASETS

from ..utils import CLASSES
from .listed import ListedExpressionDataset
from .trees import ListedClip, find_in_tree, list_class_folders

FOLDERS = {'train': 'train', 'val': 'validation', 'test': 'test'}


@DATASETS.register_module()
class CAERDataset(ListedExpressionDataset):
    """One part of CAER (Lee et al., ICCV 2019)::

        CAER/{train,validation,test}/<Emotion>/0001.avi

    The videos show complete scenes, not aligned faces. ``video_id`` is
    ``'train/Anger/0001'``, since the numbers restart in each folder.

    Args:
        data_root (str): Folder of the set.
        pipeline (list[dict | callable]): Transforms. Defaults to none.
        **kwargs: See :class:`ListedExpressionDataset`. ``split='val'`` is the set's
            validation part, or with a ``val_fraction`` that share of ``'train'``;
            ``source`` is ``'video'`` (default), or ``'frames'`` for folders of frames
            instead of videos.
    """

    METAINFO = dict(dataset='CAER', classes=CLASSES)
    SOURCES = ('video', 'frames')
    HAS_VAL = True

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
