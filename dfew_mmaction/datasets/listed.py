"""What the sets share whose lists or folders say classes by word."""

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mmengine.logging import print_log

from ..utils import class_word
from .base import BaseExpressionDataset
from .layout import FRAME_SOURCES
from .parts import stratified_holdout
from .trees import ListedClip


class ListedExpressionDataset(BaseExpressionDataset):
    """A set whose parts name clips with the words of their classes.

    A subclass says in :meth:`list_clips` what a part holds; labels, the share for
    validation and what is wrong with a list are seen to here.

    Args:
        data_root (str): Folder of the set.
        aliases (Mapping[str, str], optional): What lists or folders say for a class
            besides its name, as ``{'1': 'happy', '2': 'sad'}`` for numbers. Synonyms
            such as ``'Happiness'`` are known.
        **kwargs: See :class:`BaseExpressionDataset`: ``pipeline``, ``split``,
            ``source``, ``val_fraction``, ``missing``, ``on_error``, ``classes``,
            ``others``, ….

    Raises:
        FileNotFoundError: If folder, list or clips are missing.
        ValueError: If a list is malformed, names a clip twice, a clip of the other
            part, or a class that is none.
    """

    def __init__(
        self,
        data_root: str,
        *args: Any,
        aliases: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        self.aliases = {class_word(a): name for a, name in (aliases or {}).items()}
        super().__init__(data_root, *args, **kwargs)

    def label_of(self, word: str) -> int | None:
        """Label of a class by what a list says of it, None if it is none of them."""
        name = self.aliases.get(class_word(word))
        label = super().label_of(word if name is None else name)
        if label is None and name is not None:
            raise ValueError(
                f"aliases say '{name}' for '{word}', which is none of the classes "
                f'{self.classes}'
            )
        return label

    def list_clips(self, part: str) -> tuple[list[ListedClip], Path]:
        """List a part of the set; subclasses say how.

        Args:
            part (str): ``'train'``, ``'test'``, or ``'val'`` where the set has one.

        Returns:
            tuple[list[ListedClip], Path]: Its clips, on disk or not, and where they
            should lie.

        Raises:
            FileNotFoundError: If there is no such part.
        """
        raise NotImplementedError(f'{type(self).__name__} lists no clips')

    def listed(self) -> dict[str, int]:
        """Label by name of the clips that the part names, on disk or not."""
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
        """Clips of the part with their labels by name, and where they should lie."""
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
            return  # a part alone, as for testing
        both = [clip for clip in listed if clip.video_id in clips]
        if both:
            raise ValueError(
                f'{clips[both[0].video_id][0].where}: clip {both[0].video_id} is also '
                f'in {both[0].where}'
                + (f', and so are {len(both) - 1} more' if both[1:] else '')
                + '. Train and test must be disjoint.'
            )

    def _label(self, clips: Sequence[ListedClip]) -> dict[str, tuple[ListedClip, int]]:
        """Clips with their labels by name; those of other classes are left out."""
        labelled: dict[str, tuple[ListedClip, int]] = {}
        seen: dict[str, str] = {}
        skipped: Counter = Counter()
        for clip in clips:
            if clip.video_id in seen:
                raise ValueError(
                    f'{clip.where}: clip {clip.video_id} is named again, first in '
                    f'{seen[clip.video_id]}. Remove one of them.'
                )
            seen[clip.video_id] = clip.where
            label = self.label_of(clip.word)
            if label is not None:
                labelled[clip.video_id] = clip, label
            elif self.others == 'skip':
                skipped[clip.word] += 1
            else:
                raise ValueError(
                    f"{clip.where}: clip {clip.video_id} is '{clip.word}', which is "
                    f'none of the classes {self.classes}. Name it in `classes`, say '
                    "which it is in `aliases`, or leave such clips out by others='skip'"
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
