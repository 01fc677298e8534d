"""What every set of expression clips shares, whatever its lists look like."""

import logging
import os
import random
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from mmaction.datasets import BaseActionDataset
from mmaction.registry import TRANSFORMS
from mmengine.logging import print_log
from torch.utils.data import get_worker_info

from ..utils import (
    CLASSES,
    DecodeError,
    class_names,
    class_numbers,
    class_word,
    list_frames,
)
from .layout import FRAME_SOURCES


class BaseExpressionDataset(BaseActionDataset):
    """Clips of faces with an expression each, as frames or as videos.

    A set on disk is read by a subclass, which says in ``load_data_list`` which clips a
    part has. Here is what is done with them: names of the classes, frames in numeric
    order, missing and broken clips, and augmentation that depends on seed, epoch and
    clip alone.

    Args:
        data_root (str): Folder of the set.
        pipeline (list[dict | callable]): Transforms. Defaults to none.
        split (str): ``'train'``, ``'test'``, or ``'val'``, the part of ``'train'`` that
            ``val_fraction`` sets aside. Defaults to ``'train'``.
        source (str): What is read of each clip; which there are is up to the set.
        val_fraction (float): Share of the training list, in [0, 1), that
            ``'train'`` goes without and ``'val'`` consists of: the same share of each
            class, at least one clip, always the same clips. Defaults to 0.0.
        missing (str): What to do about clips that a list names and the disk lacks:
            ``'error'`` or ``'skip'``. Defaults to ``'error'``.
        on_error (str): What to do in training about a clip that cannot be decoded:
            ``'raise'`` or ``'replace'`` it by another one, noted in
            :attr:`broken`. Test clips always raise. Defaults to ``'raise'``.
        test_mode (bool, optional): Defaults to whether ``split`` is not ``'train'``.
        classes (Sequence[str], optional): Names of the classes in the order of the
            labels, such as that of a checkpoint. Defaults to the set's own.
        others (str): What to do about clips of other classes than ``classes``:
            ``'error'`` or ``'skip'``. Defaults to ``'error'``.
        **kwargs: For MMEngine's ``BaseDataset``.
    """

    METAINFO = dict(dataset='expressions', classes=CLASSES)
    #: What ``source`` may be, the default first.
    SOURCES: Sequence[str] = ('frames', 'video')
    #: Whether the set has a validation part of its own.
    HAS_VAL = False
    #: Whether ``fold`` is asked for.
    HAS_FOLDS = False
    #: Number of the fold, None for a set without folds.
    fold: int | None = None

    def __init__(
        self,
        data_root: str,
        pipeline: Sequence[dict | Callable] = (),
        split: str = 'train',
        *,
        source: str = 'frames',
        val_fraction: float = 0.0,
        missing: str = 'error',
        on_error: str = 'raise',
        test_mode: bool | None = None,
        classes: Sequence[str] | None = None,
        others: str = 'error',
        **kwargs: Any,
    ) -> None:
        check_choice('split', split, ('train', 'val', 'test'))
        check_choice('source', source, tuple(self.SOURCES))
        check_choice('missing', missing, ('error', 'skip'))
        check_choice('on_error', on_error, ('raise', 'replace'))
        if not 0 <= val_fraction < 1:
            raise ValueError(f'val_fraction must be in [0, 1), got {val_fraction!r}')
        check_choice('others', others, ('error', 'skip'))
        if split == 'val' and not (val_fraction or self.HAS_VAL):
            raise ValueError("split='val' needs a val_fraction above 0, such as 0.1")
        self.split, self.source = split, source
        self.val_fraction = val_fraction
        self.missing, self.on_error, self.others = missing, on_error, others
        self.classes = class_names(
            self.METAINFO['classes'] if classes is None else classes
        )
        self._labels = class_numbers(self.classes)
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
        self._metainfo.update(fold=self.fold, source=source, classes=self.classes)

    def full_init(self) -> None:
        """List the clips, see MMEngine's ``BaseDataset``."""
        if self._fully_initialized:
            return
        super().full_init()
        #: torch.Tensor: Which clips have been found broken and replaced, by index,
        #: bool of shape (len(self), ), shared by the worker processes.
        self.broken = torch.zeros(len(self), dtype=torch.bool).share_memory_()

    def listed(self) -> dict[str, int]:
        """Label by name of the clips that the part names, on disk or not."""
        raise NotImplementedError

    def label_of(self, word: str) -> int | None:
        """Label of a class by what a list says of it, None if it is none of them."""
        return self._labels.get(class_word(word))

    def _sample(self, video_id: str, label: int, path: str) -> dict | None:
        """What is known of a clip; None if it has no frame."""
        sample = dict(video_id=video_id, label=label)
        if self.source not in FRAME_SOURCES:
            return dict(sample, filename=path)
        names = list_frames(path)
        return dict(sample, frame_dir=path, frame_names=names) if names else None

    def _report_missing(
        self, lacking: Sequence[str], total: int, folders: Sequence[object]
    ) -> None:
        first = ', '.join(sorted(lacking)[:10])
        fold = '' if self.fold is None else f'fold {self.fold}, '
        where = "', '".join(map(str, folders))
        message = (
            f"{len(lacking)} of the {total} clips that {fold}part '{self.split}' names "
            f"are not in '{where}' (or "
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
            super(BaseExpressionDataset, self).get_data_info(i)['label']
            for i in range(len(self))
        )
        return {name: counts[label] for label, name in enumerate(self.classes)}

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


def check_choice(name: str, value: Any, allowed: tuple) -> None:
    """Refuse a value that is not one of some."""
    if value not in allowed:
        raise ValueError(f'{name} must be one of {allowed}, got {value!r}')
