"""The data set FERV39k."""

from pathlib import Path

from mmaction.registry import DATASETS

from ..utils import CLASSES
from .listed import ListedExpressionDataset
from .trees import ListedClip, find_in_tree, read_lines

LISTS = ('4_setups/All_scenes/{}_All.csv', 'All_scenes/{}_All.csv')


@DATASETS.register_module()
class FERV39kDataset(ListedExpressionDataset):
    """One part of FERV39k (Wang et al., CVPR 2022), all 22 scenes::

        FERV39k/
        ├── 2_ClipsforFaceCrop/<Scene>/<Emotion>/<clip>/*.jpg
        └── 4_setups/All_scenes/{train,test}_All.csv     a line: Action/Happy/0267 Happy

    Both may be one folder deeper. ``video_id`` is ``'Action/Happy/0267'``. The release
    names the classes. If the list of another project numbers them, define the numbers
    by ``aliases``, since projects use different orders.

    Args:
        data_root (str): Folder of the release.
        **kwargs: See :class:`ListedExpressionDataset`; ``source`` is ``'frames'``.
    """

    METAINFO = dict(dataset='FERV39k', classes=CLASSES)
    SOURCES = ('frames',)

    def list_clips(self, part: str) -> tuple[list[ListedClip], Path]:
        """Read the list of a part."""
        frames = find_in_tree(self.data_root, ['2_ClipsforFaceCrop'], 'aligned faces')
        lists = [name.format(part) for name in LISTS]
        path = find_in_tree(self.data_root, lists, f"list of part '{part}'")
        clips = []
        for number, line in read_lines(path):
            cells = line.rsplit(maxsplit=1)
            name = cells[0].replace('\\', '/').strip('/')
            if len(cells) != 2 or name.count('/') != 2 or '..' in name.split('/'):
                raise ValueError(
                    f'{path}, row {number}: expected `<Scene>/<Emotion>/<clip> '
                    f"<Emotion>`, found '{line}'. Is this a list of FERV39k?"
                )
            where = f'{path}, row {number}'
            clips.append(ListedClip(name, cells[1], str(frames / name), where))
        return clips, frames
