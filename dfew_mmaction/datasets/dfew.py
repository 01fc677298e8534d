"""DFEW as a MMAction2 data set."""

import logging
import os
import random
from collections import Counter
from typing import Any, Callable, Dict, List, Optional, Sequence, Union

import numpy as np
import torch
from mmaction.datasets import BaseActionDataset
from mmaction.registry import DATASETS, TRANSFORMS
from mmengine.logging import print_log
from torch.utils.data import get_worker_info

from ..utils import CLASSES, DecodeError
from .layout import CLIP_FOLDERS, FRAME_SOURCES, DFEWLayout, list_frames
from .parts import read_distributions, read_part, unlisted


@DATASETS.register_module()
class DFEWDataset(BaseActionDataset):
    """One part of one fold of DFEW (Jiang et al., ACM MM 2020), read from disk.

    Each sample carries ``video_id`` (``'00001'``) and ``label`` (0 to 6, the classes
    are in ``metainfo``). Frame sources add ``frame_paths`` (in numeric order) and
    ``total_frames``, video sources ``filename``. What is listed is what lies on disk;
    no count is taken from a list.

    Args:
        data_root (str): Folder of the release (see
            :class:`~dfew_mmaction.datasets.DFEWLayout` for what it may look like).
        pipeline (list[dict | callable]): Transforms. Defaults to none.
        fold (int): Number of the fold, 1 to 5. Defaults to 1.
        split (str): ``'train'``, ``'test'``, or ``'val'``, the part of ``'train'`` that
            ``val_fraction`` sets aside. Defaults to ``'train'``.
        source (str): ``'16f'``, the clips brought to 16 frames; ``'frames'``, all
            aligned frames; ``'video'``, the same as avi; ``'original'``, the movie
            clips as cut. Defaults to ``'16f'``.
        val_fraction (float): Share of the training list, in [0, 1), that
            ``'train'`` goes without and ``'val'`` consists of: the same share of each
            class, at least one clip, always the same clips. For choosing checkpoints
            without looking at the test part. Defaults to 0.0.
        label (str): ``'single'``, or ``'distribution'``: each sample also carries
            ``label_distribution``, the shares of the seven emotions in the votes of
            its annotators, float32 of shape (7,). ``label`` stays the single label, by
            which clips are scored. Defaults to ``'single'``.
        unlabelled (bool): Whether ``'train'`` with distributions also has the clips
            that annotators saw, that lie on disk, and that neither list of the fold
            names: those without a single label. Their ``label`` is -1. Defaults to
            False.
        missing (str): What to do about clips that a list names and the disk lacks:
            ``'error'`` or ``'skip'``. Defaults to ``'error'``.
        on_error (str): What to do in training about a clip that cannot be decoded:
            ``'raise'`` or ``'replace'`` it by another one, noted in
            :attr:`broken`. Test clips always raise. Defaults to ``'raise'``.
        test_mode (bool, optional): Defaults to whether ``split`` is not ``'train'``.
        **kwargs: For MMEngine's ``BaseDataset``.

    Raises:
        FileNotFoundError: If the root, a list or the clips are missing.
        ValueError: If a list is malformed, or names a clip of the other part.
    """

    METAINFO = dict(dataset='DFEW', classes=CLASSES)

    def __init__(
        self,
        data_root: str,
        pipeline: Sequence[Union[dict, Callable]] = (),
        fold: int = 1,
        split: str = 'train',
        source: str = '16f',
        val_fraction: float = 0.0,
        label: str = 'single',
        unlabelled: bool = False,
        missing: str = 'error',
        on_error: str = 'raise',
        test_mode: Optional[bool] = None,
        **kwargs: Any,
    ) -> None:
        _check('split', split, ('train', 'val', 'test'))
        _check('source', source, tuple(CLIP_FOLDERS))
        _check('label', label, ('single', 'distribution'))
        if unlabelled and (label, split) != ('distribution', 'train'):
            raise ValueError(
                "unlabelled=True needs label='distribution' and split='train': clips "
                'without a single label cannot be learnt otherwise, nor scored'
            )
        _check('missing', missing, ('error', 'skip'))
        _check('on_error', on_error, ('raise', 'replace'))
        if not 0 <= val_fraction < 1:
            raise ValueError(f'val_fraction must be in [0, 1), got {val_fraction!r}')
        if split == 'val' and not val_fraction:
            raise ValueError("split='val' needs a val_fraction above 0, such as 0.1")
        self.fold, self.split, self.source = fold, split, source
        self.val_fraction = val_fraction
        self.label, self.unlabelled = label, unlabelled
        self.missing, self.on_error = missing, on_error
        # Worker processes live through many epochs: what the main process tells
        # them, and what they find, lies in memory that they share.
        self._draw = torch.full((2,), -1, dtype=torch.int64).share_memory_()
        super().__init__(
            ann_file='',
            # MMAction2's registry, also where no runner has set the scope.
            pipeline=[
                TRANSFORMS.build(t) if isinstance(t, dict) else t for t in pipeline
            ],
            data_prefix={},
            data_root=data_root,
            test_mode=split != 'train' if test_mode is None else test_mode,
            **kwargs,
        )
        # A result names the fold and the frames that it used: checkpoints carry both.
        self._metainfo.update(fold=fold, source=source)

    def full_init(self) -> None:
        """List the clips, see MMEngine's ``BaseDataset``."""
        super().full_init()
        #: torch.Tensor: Which clips have been found broken and replaced, by index,
        #: bool of shape (len(self), ), shared by the worker processes.
        self.broken = torch.zeros(len(self), dtype=torch.bool).share_memory_()

    def load_data_list(self) -> List[dict]:
        """List the clips of this part with their frames or videos."""
        layout = DFEWLayout(self.data_root)
        listed = read_part(layout, self.fold, self.split, self.val_fraction)
        clips = layout.clips(self.source)
        shares: Dict[int, np.ndarray] = {}
        if self.label == 'distribution':
            shares = read_distributions(layout)
            self._check_votes(listed, shares, layout)
        data_list, lacking = [], []
        for number, label in listed.items():
            path = clips.get(number)
            sample = None if path is None else self._sample(number, label, path)
            if sample is None:
                lacking.append(number)
                continue
            if shares:
                sample['label_distribution'] = shares[number]
            data_list.append(sample)
        if lacking:
            self._report_missing(lacking, len(listed), layout)
        if self.unlabelled:
            data_list += self._unlabelled(layout, clips, shares)
        return data_list

    def _sample(self, number: int, label: int, path: str) -> Optional[dict]:
        """What is known of a clip; None if it has no frame."""
        sample = dict(video_id=f'{number:05d}', label=label)
        if self.source not in FRAME_SOURCES:
            return dict(sample, filename=path)
        names = list_frames(path)
        return dict(sample, frame_dir=path, frame_names=names) if names else None

    def _unlabelled(
        self, layout: DFEWLayout, clips: Dict[int, str], shares: Dict[int, np.ndarray]
    ) -> List[dict]:
        here = unlisted(layout, self.fold, shares) & clips.keys()
        found = [(n, self._sample(n, -1, clips[n])) for n in sorted(here)]
        samples = [
            dict(sample, label_distribution=shares[number])
            for number, sample in found
            if sample is not None
        ]
        print_log(
            f'{len(samples)} clips without a single label are learnt from too '
            f"(of source '{self.source}' in '{layout.root}').",
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

    def _report_missing(self, lacking: list, total: int, layout: DFEWLayout) -> None:
        first = ', '.join(f'{number:05d}' for number in sorted(lacking)[:10])
        folders = "', '".join(map(str, layout.clip_folders(self.source)))
        message = (
            f'{len(lacking)} of the {total} clips that fold {self.fold}, part '
            f"'{self.split}' names are not in '{folders}' (or "
            f'have no frame): {first}{", …" if len(lacking) > 10 else ""}.'
        )
        if self.missing == 'error' or len(lacking) == total:
            raise FileNotFoundError(
                f"{message} Complete the copy, or set `missing='skip'` to go without "
                'them: scores are then not comparable.'
            )
        print_log(
            f'{message} They are skipped.', logger='current', level=logging.WARNING
        )

    def get_data_info(self, idx: int) -> dict:
        """Sample by index, see the class."""
        info = super().get_data_info(idx)
        if 'frame_names' in info:
            folder, names = info['frame_dir'], info.pop('frame_names')
            info['frame_paths'] = [os.path.join(folder, name) for name in names]
            info['total_frames'] = len(names)
        return info

    def class_counts(self) -> dict:
        """Number of clips by class name, in the order of the classes."""
        counts = Counter(
            super(DFEWDataset, self).get_data_info(i)['label'] for i in range(len(self))
        )
        return {name: counts[label] for label, name in enumerate(CLASSES)}

    def set_epoch(self, epoch: int, seed: int) -> None:
        """Make the augmentation of each clip depend on seed, epoch and clip alone.

        A clip that comes twice in an epoch, as through ``RepeatDataset``, is the same
        both times.

        Args:
            epoch (int): Number of the epoch, from 0.
            seed (int): Seed of the run, not negative.
        """
        self._draw[:] = torch.tensor([seed, epoch])

    def prepare_data(self, idx: int) -> Any:
        """Run the pipeline on one clip, by its own random numbers if told so."""
        seed, epoch = self._draw.tolist()
        if self.test_mode or seed < 0:
            return self._run_pipeline(idx)
        state = np.random.SeedSequence([seed, epoch, idx]).generate_state(1)[0]
        random.seed(int(state))
        np.random.seed(state)
        if get_worker_info() is not None:
            torch.manual_seed(int(state))
            return self._run_pipeline(idx)
        # Without workers torch's random numbers are those of the model's dropout.
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(int(state))
            return self._run_pipeline(idx)

    def _run_pipeline(self, idx: int) -> Any:
        for _ in range(self.max_refetch + 1):
            try:
                return super().prepare_data(idx)
            except Exception as error:
                if not _is_decode_error(error):
                    raise
                self._note_broken(idx, error)
            # Goes on in the numbers of this clip and epoch: the same every time.
            idx = random.randrange(len(self))
        raise DecodeError(
            f'{self.max_refetch + 1} clips in turn cannot be decoded, last '
            f"{self.get_data_info(idx)['video_id']}. Is '{self.data_root}' whole?"
        )

    def _note_broken(self, idx: int, error: Exception) -> None:
        info = self.get_data_info(idx)
        path = info.get('filename') or info['frame_dir']
        where = f"clip {info['video_id']} ('{path}')"
        if self.test_mode or self.on_error == 'raise':
            raise DecodeError(
                f'{where} cannot be decoded: {error}. Copy it again'
                + ('.' if self.test_mode else ", or set `on_error='replace'`.")
            ) from error
        if not self.broken[idx]:
            print_log(
                f'{where} cannot be decoded and is replaced: {error}',
                logger='current',
                level=logging.WARNING,
            )
        self.broken[idx] = True


def _is_decode_error(error: Exception) -> bool:
    # decord is not there on every platform; its errors are known by their module.
    return isinstance(error, DecodeError) or type(error).__module__.startswith('decord')


def _check(name: str, value: Any, allowed: tuple) -> None:
    if value not in allowed:
        raise ValueError(f'{name} must be one of {allowed}, got {value!r}')
