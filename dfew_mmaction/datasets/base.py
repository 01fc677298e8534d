"""The base class of all expression data sets."""

import logging
import os
import random
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
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
    real_paths,
)
from .arguments import check_choice, check_fold
from .dfew.layout import FRAME_SOURCES


class BaseExpressionDataset(BaseActionDataset):
    """Clips of faces with an expression label, as frames or videos.

    A subclass reads one data set: its ``load_data_list`` lists the clips of a part.
    This class implements what all sets share: class names, natural order of frames,
    missing and broken clips, and augmentation that depends on seed, epoch and clip
    only.

    Args:
        data_root (str): Folder of the set.
        pipeline (list[dict | callable]): Transforms. Defaults to none.
        fold (int, optional): Number of the fold, from 1, for a set that has folds.
        split (str): ``'train'``, ``'test'``, or ``'val'``, the part of ``'train'`` that
            ``val_fraction`` holds out. Defaults to ``'train'``.
        source (str, optional): What to read of each clip, one of :attr:`SOURCES`.
            Defaults to the first of them.
        label_type (str, optional): Kind of labels, one of :attr:`LABEL_TYPES`. Defaults
            to the first of them.
        val_fraction (float): Share of the training list, in [0, 1), that is moved from
            ``'train'`` to ``'val'``: the same share of each class, at least one clip,
            always the same clips. Defaults to 0.0.
        missing (str): What to do with clips that are in a list but not on disk:
            ``'error'`` or ``'skip'``. Defaults to ``'error'``.
        on_error (str): What to do in training with a clip that cannot be decoded:
            ``'raise'``, or ``'replace'`` it by another one and record it in
            :attr:`broken`. Test clips always raise. Defaults to ``'raise'``.
        test_mode (bool, optional): Defaults to whether ``split`` is not ``'train'``.
        classes (Sequence[str], optional): Names of the classes in the order of the
            labels, such as that of a checkpoint. Defaults to the order of the set.
        others (str): What to do with clips of other classes than ``classes``:
            ``'error'`` or ``'skip'``. Defaults to ``'error'``.
        **kwargs: For MMEngine's ``BaseDataset``.

    Raises:
        ValueError: If an argument has a value that is not allowed.
    """

    METAINFO = dict(dataset='expressions', classes=CLASSES)
    #: Values of ``source``, the default first.
    SOURCES: Sequence[str] = ('frames', 'video')
    #: Values of ``label_type``, the default first.
    LABEL_TYPES: Sequence[str] = ('single',)
    #: Whether the set has a validation part.
    HAS_VAL = False
    #: Whether the set has folds.
    HAS_FOLDS = False

    def __init__(
        self,
        data_root: str,
        pipeline: Sequence[dict | Callable] = (),
        *,
        fold: int | None = None,
        split: str = 'train',
        source: str | None = None,
        label_type: str | None = None,
        val_fraction: float = 0.0,
        missing: str = 'error',
        on_error: str = 'raise',
        test_mode: bool | None = None,
        classes: Sequence[str] | None = None,
        others: str = 'error',
        **kwargs: Any,
    ) -> None:
        for old in ('label', 'labels'):
            if old in kwargs:
                warnings.warn(
                    f'`{old}` of {type(self).__name__} is now called `label_type`',
                    DeprecationWarning,
                    stacklevel=2,
                )
                label_type = kwargs.pop(old)
        source = self.SOURCES[0] if source is None else source
        label_type = self.LABEL_TYPES[0] if label_type is None else label_type
        check_choice('split', split, ('train', 'val', 'test'))
        check_choice('source', source, tuple(self.SOURCES))
        check_choice('label_type', label_type, tuple(self.LABEL_TYPES))
        check_fold(fold, self.HAS_FOLDS, type(self).__name__)
        check_choice('missing', missing, ('error', 'skip'))
        check_choice('on_error', on_error, ('raise', 'replace'))
        if not 0 <= val_fraction < 1:
            raise ValueError(f'val_fraction must be in [0, 1), got {val_fraction!r}')
        check_choice('others', others, ('error', 'skip'))
        if split == 'val' and not (val_fraction or self.HAS_VAL):
            raise ValueError("split='val' needs a val_fraction above 0, such as 0.1")
        self.fold, self.split, self.source = fold, split, source
        self.label_type = label_type
        self.val_fraction = val_fraction
        self.missing, self.on_error, self.others = missing, on_error, others
        self.classes = class_names(
            self.METAINFO['classes'] if classes is None else classes
        )
        self._labels = class_numbers(self.classes)
        # Worker processes live for many epochs: settings of the main process and
        # results of the workers are in shared memory.
        self._draw = torch.full((2,), -1, dtype=torch.int64).share_memory_()
        super().__init__(
            ann_file='',
            # MMAction2's registry, even if no runner has set the scope.
            pipeline=[
                TRANSFORMS.build(t) if isinstance(t, dict) else t for t in pipeline
            ],
            data_prefix={},
            data_root=data_root,
            test_mode=split != 'train' if test_mode is None else test_mode,
            **kwargs,
        )
        # Checkpoints record fold and frame variant of their training.
        self._metainfo.update(fold=self.fold, source=source, classes=self.classes)

    def full_init(self) -> None:
        """List the clips, see MMEngine's ``BaseDataset``."""
        if self._fully_initialized:
            return
        super().full_init()
        #: torch.Tensor: Which clips were broken and have been replaced, by index; bool
        #: of shape (len(self), ), shared by the worker processes.
        self.broken = torch.zeros(len(self), dtype=torch.bool).share_memory_()

    def listed(self) -> dict[str, int]:
        """Label by name of the listed clips, whether they are on disk or not."""
        raise NotImplementedError

    def label_of(self, word: str) -> int | None:
        """Label of a class by its name in a list; None if it is not a class."""
        return self._labels.get(class_word(word))

    def _sample(self, video_id: str, label: int, path: str) -> dict | None:
        """Entry of a clip in the data list; None if it has no frame."""
        sample = dict(video_id=video_id, label=label)
        if self.source not in FRAME_SOURCES:
            return dict(sample, filename=path)
        names = list_frames(path)
        if not names:
            return None
        # One string, which is pickled quickly. Names contain no slash.
        return dict(sample, frame_dir=path, frame_names='/'.join(names))

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
                f"{message} Complete the copy, or set `missing='skip'` to leave them "
                'out: scores are then not comparable.'
            )
        print_log(
            f'{message} They are skipped.', logger='current', level=logging.WARNING
        )

    def get_data_info(self, idx: int) -> dict:
        """Sample by index, see the class."""
        info = super().get_data_info(idx)
        if 'frame_names' in info:
            folder, names = info['frame_dir'], info.pop('frame_names')
            paths = [f'{folder}{os.sep}{name}' for name in names.split('/')]
            info['frame_paths'], info['total_frames'] = paths, len(paths)
        return info

    def class_counts(self) -> dict:
        """Number of clips by class name, in the order of the classes."""
        counts = Counter(entry['label'] for entry in self._entries())
        return {name: counts[label] for label, name in enumerate(self.classes)}

    def get_cat_ids(self, idx: int) -> list[int]:
        """Label of a clip, for MMEngine's ``ClassBalancedDataset``."""
        return [super().get_data_info(idx)['label']]

    def identities(self) -> list[tuple[str, ...]]:
        """Identities of each clip, to find the same clip in another data set.

        Returns:
            list[tuple[str, ...]]: For each clip, the real path of the set with the
            clip's name, and the real path of its frames or video. Clips that share one
            of these are the same.
        """
        root = os.path.realpath(self.data_root)
        entries = list(self._entries())
        paths = real_paths(e.get('filename') or e['frame_dir'] for e in entries)
        names = [entry['video_id'] for entry in entries]
        places = Counter(paths)
        return [
            # All clips of a pack have the same path.
            (f'{root}: {name}', path if places[path] == 1 else f'{path}: {name}')
            for name, path in zip(names, paths)
        ]

    def _entries(self) -> Iterator[dict]:
        """The data list as it was read."""
        return (BaseActionDataset.get_data_info(self, i) for i in range(len(self)))

    def set_epoch(self, epoch: int, seed: int) -> None:
        """Make the augmentation of each clip depend on seed, epoch and clip alone.

        A clip that occurs twice in an epoch, as with ``RepeatDataset``, is augmented
        equally.

        Args:
            epoch (int): Number of the epoch, from 0.
            seed (int): Seed of the run, not negative.

        Raises:
            ValueError: If one of them is negative.
        """
        if min(epoch, seed) < 0:
            raise ValueError(
                f'epoch and seed must not be negative, got {epoch}, {seed}'
            )
        self._draw[:] = torch.tensor([seed, epoch])

    def prepare_data(self, idx: int) -> Any:
        """Run the pipeline on one clip, with its own random numbers after set_epoch."""
        seed, epoch = self._draw.tolist()
        if self.test_mode or seed < 0:
            return self._run_pipeline(idx)
        state = np.random.SeedSequence([seed, epoch, idx]).generate_state(1)[0]
        random.seed(int(state))
        np.random.seed(state)
        if get_worker_info() is not None:
            torch.manual_seed(int(state))
            return self._run_pipeline(idx)
        # Without workers, torch's random numbers are also those of the model's dropout.
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
            # Continues the random numbers of this clip and epoch, and is reproducible.
            idx = random.randrange(len(self))
        raise DecodeError(
            f'{self.max_refetch + 1} consecutive clips cannot be decoded, last '
            f"{self.get_data_info(idx)['video_id']}. Is '{self.data_root}' complete?"
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
    # decord is optional: its errors are recognised by their module.
    return isinstance(error, DecodeError) or type(error).__module__.startswith('decord')
