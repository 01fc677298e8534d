"""The data set DFEW."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from mmaction.registry import DATASETS
from mmengine.logging import print_log

from ...utils import CLASSES
from ..base import BaseExpressionDataset
from .layout import CLIP_FOLDERS, DFEWLayout
from .pack import Pack
from .parts import read_distributions, read_part, unlisted


@DATASETS.register_module()
class DFEWDataset(BaseExpressionDataset):
    """One part of one fold of DFEW (Jiang et al., ACM MM 2020), read from disk.

    Each sample has ``video_id`` (``'00001'``) and ``label`` (0 to 6; ``metainfo`` has
    the names of the classes). Frame sources add ``frame_paths`` (in natural order) and
    ``total_frames``, video sources ``filename``. Frames are listed on the disk; counts
    in files are not used.

    Args:
        data_root (str): Folder of the release in one of the layouts of
            :class:`~dfew_mmaction.datasets.DFEWLayout`.
        pipeline (list[dict | callable]): Transforms. Defaults to none.
        fold (int): Number of the fold, 1 to 5. Defaults to 1.
        source (str): ``'16f'``, the clips interpolated to 16 frames; ``'frames'``, all
            aligned frames; ``'video'``, the same frames as avi; ``'original'``, the
            clips as cut from the movies; ``'packed'``, the decoded frames of a
            :class:`.Pack`. Defaults to ``'16f'``.
        unlabelled (bool): Whether ``'train'`` with distributions also contains clips
            without a single label: those with votes that are on disk and in neither
            list of the fold. Their ``label`` is -1. Defaults to False.
        pack (str, optional): With ``'packed'``: name of the pack in
            ``data_root/packed``, or its path. Defaults to the only one there is.
        **kwargs: See :class:`BaseExpressionDataset`: ``split``, ``val_fraction``,
            ``missing``, ``on_error``, ``test_mode``, ``classes``, ``others``, ….
            ``label_type`` is ``'single'`` (default) or ``'distribution'``: each sample
            also has ``label_distribution``, the shares of the seven emotions in the
            votes of its annotators, float32 of shape (7,). ``label`` is still the
            single label, by which clips are scored.

    Raises:
        FileNotFoundError: If the root, a list or the clips are missing.
        ValueError: If a list is malformed, or has a clip of the other part.
    """

    METAINFO = dict(dataset='DFEW', classes=CLASSES)
    SOURCES = (*CLIP_FOLDERS, 'packed')
    LABEL_TYPES = ('single', 'distribution')
    HAS_FOLDS = True

    def __init__(
        self,
        data_root: str,
        pipeline: Sequence[dict | Callable] = (),
        *,
        fold: int = 1,
        source: str = '16f',
        unlabelled: bool = False,
        pack: str | None = None,
        **kwargs: Any,
    ) -> None:
        if pack is not None and source != 'packed':
            raise ValueError(f"pack={pack!r} needs source='packed', got {source!r}")
        self.unlabelled = unlabelled
        self._pack = Pack.find(data_root, pack) if source == 'packed' else None
        super().__init__(data_root, pipeline, fold=fold, source=source, **kwargs)
        if self._pack is not None:
            # The metainfo names the frame variant, not its storage.
            self._metainfo['source'] = self._pack.settings['source']

    def load_data_list(self) -> list[dict]:
        """List the clips of this part with their frames or videos."""
        if self.unlabelled and (self.label_type, self.split) != (
            'distribution', 'train',
        ):  # fmt: skip
            raise ValueError(
                "unlabelled=True needs label_type='distribution' and split='train': "
                'clips without a single label cannot be used otherwise'
            )
        layout = DFEWLayout(self.data_root)
        listed = self._listed(layout)
        clips: dict[int, Any]
        if self._pack is None:
            clips = layout.clips(self.source)
        else:
            self._pack.check(layout)
            clips = self._pack.clips
        shares: dict[int, np.ndarray] = {}
        if self.label_type == 'distribution':
            shares = read_distributions(layout)
            self._check_votes(listed, shares, layout)
        data_list, lacking = [], []
        for number, label in listed.items():
            path, name = clips.get(number), f'{number:05d}'
            sample = None if path is None else self._sample(name, label, path)
            if sample is None:
                lacking.append(name)
                continue
            if shares:
                sample['label_distribution'] = shares[number]
            data_list.append(sample)
        if lacking:
            self._report_missing(lacking, len(listed), self._folders(layout))
        if self.unlabelled:
            data_list += self._unlabelled(layout, clips, shares)
        return data_list

    def listed(self) -> dict[str, int]:
        """Label by name of the listed clips, whether they are on disk or not."""
        listed = self._listed(DFEWLayout(self.data_root))
        return {f'{number:05d}': label for number, label in listed.items()}

    def _listed(self, layout: DFEWLayout) -> dict[int, int]:
        """Clips of the part, with labels in the order of ``classes``."""
        listed = read_part(layout, self.fold, self.split, self.val_fraction)
        if self.classes == CLASSES:
            return listed
        if self.label_type == 'distribution':
            raise ValueError(
                "label_type='distribution' uses the release's order of the classes: "
                'omit `classes`'
            )
        labels = {i: self.label_of(name) for i, name in enumerate(CLASSES)}
        absent = [CLASSES[i] for i, label in labels.items() if label is None]
        if absent and self.others == 'error':
            raise ValueError(
                f'the classes {self.classes} lack {", ".join(absent)}, which DFEW has: '
                "add them, or set others='skip' to leave out their clips"
            )
        kept = {i: label for i, label in labels.items() if label is not None}
        return {n: kept[i] for n, i in listed.items() if i in kept}

    def _folders(self, layout: DFEWLayout) -> list:
        pack = self._pack
        return layout.clip_folders(self.source) if pack is None else [pack.folder]

    def _sample(self, video_id: str, label: int, path: Any) -> dict | None:
        if self._pack is None:
            return super()._sample(video_id, label, path)
        return dict(video_id=video_id, label=label, frame_dir=str(self._pack.folder))

    def get_data_info(self, idx: int) -> dict:
        """Sample by index, see the class."""
        info = super().get_data_info(idx)
        if self._pack is not None:
            info.update(self._pack.sample(int(info['video_id'])))
        return info

    def _unlabelled(
        self,
        layout: DFEWLayout,
        clips: Mapping[int, Any],
        shares: dict[int, np.ndarray],
    ) -> list[dict]:
        here = unlisted(layout, self.fold, shares) & clips.keys()
        found = [(n, self._sample(f'{n:05d}', -1, clips[n])) for n in sorted(here)]
        samples = [
            dict(sample, label_distribution=shares[number])
            for number, sample in found
            if sample is not None
        ]
        print_log(
            f'{len(samples)} clips without a single label are used in training as well '
            f"(source '{self.source}' in '{layout.root}').",
            logger='current',
        )
        return samples

    @staticmethod
    def _check_votes(listed: dict, shares: dict, layout: DFEWLayout) -> None:
        lacking = sorted(listed.keys() - shares.keys())
        if lacking:
            raise ValueError(
                f"'{layout.annotation_file()}' has no votes for {len(lacking)} of the "
                f'{len(listed)} clips of the list, the first is {lacking[0]}. Are the '
                'votes and the lists of the same set?'
            )
