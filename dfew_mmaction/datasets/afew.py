"""The data set AFEW."""

from pathlib import Path

from mmaction.registry import DATASETS

from ..utils import CLASSES
from .listed import ListedExpressionDataset
from .trees import ListedClip, find_in_tree, list_class_folders

PARTS = {
    'train': ('AFEW_Face/train', 'train', 'Train_AFEW', 'Train'),
    'test': ('AFEW_Face/validation', 'validation', 'Val_AFEW', 'val', 'Val'),
}


@DATASETS.register_module()
class AFEWDataset(ListedExpressionDataset):
    """One part of AFEW 7.0 (Dhall et al.), in either of its two common layouts::

        AFEW_Face/{train,validation}/<Emotion>/<clip>/*.jpg          by other projects

        {Train,Val}_AFEW/<Emotion>/<clip>.avi                        by the organisers
        {Train,Val}_AFEW/AlignedFaces_LBPTOP_Points…/Faces/<clip>/*.jpg

    ``split='test'`` is the validation part: AFEW is scored on it, as the labels of its
    test part are not public.

    Args:
        data_root (str): Folder of the set.
        **kwargs: See :class:`ListedExpressionDataset`; ``source`` is ``'frames'``
            (default) or ``'video'``.
    """

    METAINFO = dict(dataset='AFEW', classes=CLASSES)

    def list_clips(self, part: str) -> tuple[list[ListedClip], Path]:
        """List the folders of a part."""
        folder = find_in_tree(self.data_root, PARTS[part], f"part '{part}'")
        aligned = next(iter(sorted(folder.glob('Aligned*'))), None)
        if self.source == 'video' or aligned is None:
            faces = None
        else:
            inner = aligned / aligned.name
            aligned = inner if inner.is_dir() else aligned
            faces = aligned / 'Faces' if (aligned / 'Faces').is_dir() else aligned
        wants_folder = self.source == 'frames' and faces is None
        clips = [
            ListedClip(
                name, word, path if faces is None else str(faces / name),
                str(folder / word),
            )
            for word, name, path in list_class_folders(folder, wants_folder, 'Aligned')
        ]  # fmt: skip
        if not clips:
            kind = 'folders of frames' if wants_folder else 'videos'
            raise FileNotFoundError(
                f"'{folder}' has no {kind} in `<Emotion>/`, as source '{self.source}' "
                'needs'
            )
        return clips, faces or folder
