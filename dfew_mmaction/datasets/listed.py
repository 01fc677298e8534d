"""The base class of sets whose lists or folders name classes by word."""

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mmengine.logging import print_log

from ..utils import class_word, real_paths
from .base import BaseExpressionDataset
from .dfew.layout import FRAME_SOURCES
from .dfew.parts import stratified_holdout
from .trees import ListedClip


class ListedExpressionDataset(BaseExpressionDataset):
    """Base class of sets whose lists or folders name the class of each clip.

    A subclass lists the clips of a part in :meth:`list_clips`. This class converts
    names to labels, holds out clips for validation and checks the lists. Clips are
    identified by real path as well as by name: ``clips/3``, ``clips/3/`` and a link to
    it are the same clip.

    Args:
        data_root (str): Folder of the set.
        aliases (Mapping[str, str], optional): Other names of classes in lists or
            folders, such as ``{'1': 'happy', '2': 'sad'}`` for numbers. Synonyms such
            as ``'Happiness'`` are known.
        **kwargs: See :class:`BaseExpressionDataset`: ``pipeline``, ``split``,
            ``source``, ``val_fraction``, ``missing``, ``on_error``, ``classes``,
            ``others``, ….

    Raises:
        FileNotFoundError: If folder, list or clips are missing.
        ValueError: If a list is malformed, contains a clip twice, a clip of the other
            part, or an unknown class.
    """

    def __init__(
        self,
        data_root: str,
        pipeline: Sequence[Any] = (),
        *,
        aliases: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        self.aliases = {class_word(a): name for a, name in (aliases or {}).items()}
        super().__init__(data_root, pipeline, **kwargs)

    def label_of(self, word: str) -> int | None:
        """Label of a class by its name in a list; None if it is not a class."""
        name = self.aliases.get(class_word(word))
        label = super().label_of(word if name is None else name)
        if label is None and name is not None:
            raise ValueError(
                f"aliases map '{word}' to '{name}', which is not one of the classes "
                f'{self.classes}'
            )
        return label

    def list_clips(self, part: str) -> tuple[list[ListedClip], Path]:
        """List a part of the set; subclasses override this.

        Args:
            part (str): ``'train'``, ``'test'``, or ``'val'`` where the set has one.

        Returns:
            tuple[list[ListedClip], Path]: Its clips, on disk or not, and the folder in
            which they are expected.

        Raises:
            FileNotFoundError: If there is no such part.
        """
        raise NotImplementedError(f'{type(self).__name__} lists no clips')

    def listed(self) -> dict[str, int]:
        """Label by name of the listed clips, whether they are on disk or not."""
        return {name: label for name, (_, label) in self._named()[0].items()}

    def load_data_list(self) -> list[dict]:
        """List the clips of this part with their frames or videos."""
        labelled, folder = self._named()
        exists = os.path.isdir if self.source in FRAME_SOURCES else os.path.isfile
        samples = {
            name: self._sample(name, label, clip.path) if exists(clip.path) else None
            for name, (clip, label) in labelled.items()
        }
        if lacking := [name for name, sample in samples.items() if sample is None]:
            self._report_missing(lacking, len(samples), [folder])
        return [sample for sample in samples.values() if sample is not None]

    def _named(self) -> tuple[dict[str, tuple[ListedClip, int]], Path]:
        """Clips of the part, their labels by name, and the folder of the clips."""
        part, other = ('test', 'train') if self.split == 'test' else ('train', 'test')
        if self.split == 'val' and not self.val_fraction:
            part, other = 'val', 'train'
        clips, folder = self.list_clips(part)
        labelled = self._label(clips)
        self._check_other_part(labelled, other)
        if part == 'train' and self.val_fraction:
            labels = {name: label for name, (_, label) in labelled.items()}
            held_out = stratified_holdout(labels, self.val_fraction)
            labelled = {
                name: clip
                for name, clip in labelled.items()
                if (name in held_out) == (self.split == 'val')
            }
        return labelled, folder

    def _check_other_part(self, clips: dict[str, Any], other: str) -> None:
        try:
            listed, _ = self.list_clips(other)
        except FileNotFoundError:
            return  # a single part, as for testing
        here = [clip for clip, _ in clips.values()]
        places = real_paths(clip.path for clip in here)
        known = dict(zip(places, here)) | {clip.video_id: clip for clip in here}
        both = [
            (known.get(clip.video_id) or known[place], clip)
            for clip, place in zip(listed, real_paths(clip.path for clip in listed))
            if clip.video_id in known or place in known
        ]
        if both:
            first, second = both[0]
            raise ValueError(
                f'{first.where}: clip {first.video_id} is also in {second.where}'
                + _spelled(first, second)
                + (f', and so are {len(both) - 1} more' if both[1:] else '')
                + '. Train and test must be disjoint.'
            )

    def _label(self, clips: Sequence[ListedClip]) -> dict[str, tuple[ListedClip, int]]:
        """Clips and their labels by name, without clips of other classes."""
        check_unique(clips)
        labelled: dict[str, tuple[ListedClip, int]] = {}
        skipped: Counter = Counter()
        for clip in clips:
            label = self.label_of(clip.word)
            if label is not None:
                labelled[clip.video_id] = clip, label
            elif self.others == 'skip':
                skipped[clip.word] += 1
            else:
                raise ValueError(
                    f"{clip.where}: clip {clip.video_id} is '{clip.word}', which is "
                    f'not one of the classes {self.classes}. Add it to `classes`, map '
                    "it to one in `aliases`, or leave out such clips by others='skip'"
                )
        if skipped:
            words = ', '.join(f'{n} {word}' for word, n in sorted(skipped.items()))
            print_log(f'Clips of other classes are left out: {words}.', 'current')
        if not labelled:
            raise ValueError(
                f"'{self.data_root}': no clip of the classes {self.classes} in part "
                f"'{self.split}'"
            )
        return labelled


def check_unique(clips: Sequence[ListedClip]) -> None:
    """Refuse a list that contains a name or a path twice.

    Raises:
        ValueError: With both rows.
    """
    seen: dict[str, ListedClip] = {}
    for clip, place in zip(clips, real_paths(clip.path for clip in clips)):
        first = seen.get(clip.video_id) or seen.get(place)
        if first is not None:
            raise ValueError(
                f'{clip.where}: clip {clip.video_id} is listed again, first in '
                f'{first.where}{_spelled(first, clip)}. Remove one of the two.'
            )
        seen[clip.video_id] = seen[place] = clip


def _spelled(first: ListedClip, second: ListedClip) -> str:
    same = first.video_id == second.video_id
    return (
        '' if same else f" ('{first.video_id}' and '{second.video_id}' are one place)"
    )
