"""Checks that a checkpoint and the data have the same classes."""

from collections.abc import Mapping, Sequence
from typing import Any

from mmaction.registry import HOOKS
from mmengine.hooks import Hook
from mmengine.model import is_model_wrapper
from mmengine.runner import BaseLoop
from torch import nn

from ...models.heads import classifier_layers
from ...utils import renamed


@HOOKS.register_module()
class ClassNamesHook(Hook):
    """Refuse a checkpoint whose classes differ from those of the data in name or order.

    Data sets list the same classes in different orders, and a network outputs numbers
    only. Each checkpoint stores the class names of its training (``dataset_meta``).
    This hook stops a test if they differ from those of the data, and a training run
    that starts from a classifier with as many classes in another order. Synonyms such
    as ``anger`` and ``angry`` are equal. A checkpoint without names is accepted.

    To use a checkpoint on a set with another order, read the set in the order of the
    checkpoint: ``classes=(…)`` of the data set, and ``aliases`` for other names.

    Args:
        mapping (Mapping[str, str], optional): Names in the data for names in the
            checkpoint, such as ``{'joy': 'happy'}``. Defaults to None.
        classifier (str): What a training run that starts from a checkpoint
            (``load_from``) does with its classifier: ``'keep'``, or ``'new'`` for
            random weights. Resuming and testing always keep it. Defaults to ``'keep'``.

    Raises:
        ValueError: If the classes differ; the message shows both. Also if training and
            validation have different classes, if the head has another number of
            classes, or if the classifier to leave out cannot be identified.
    """

    priority = 'NORMAL'

    def __init__(
        self, mapping: Mapping[str, str] | None = None, classifier: str = 'keep'
    ) -> None:
        if classifier not in ('keep', 'new'):
            raise ValueError(
                f"classifier must be 'keep' or 'new' (the use of the checkpoint's "
                f'classifier), got {classifier!r}'
            )
        self.mapping, self.classifier = mapping, classifier
        self._theirs: Sequence[str] | None = None

    def after_load_checkpoint(self, runner: Any, checkpoint: dict) -> None:
        """Store the names; leave the classifier out if ``classifier`` is ``'new'``."""
        meta = (checkpoint.get('meta') or {}).get('dataset_meta') or {}
        self._theirs = meta.get('classes')
        # At this point only this attribute of MMEngine distinguishes training from
        # testing.
        training = isinstance(runner._train_loop, BaseLoop) and not runner._resume
        if self.classifier == 'new' and training:
            weights = checkpoint.get('state_dict', checkpoint)
            wanted = _classifier_weights(runner.model)
            left_out = [
                name
                for name in wanted
                for name in (name, f'module.{name}')
                if weights.pop(name, None) is not None
            ]
            # A checkpoint of a backbone has no classifier to leave out.
            if not left_out and any('cls_head.' in name for name in weights):
                raise ValueError(
                    "classifier='new' of ClassNamesHook: the checkpoint has a head and "
                    f'none of the weights to leave out, {", ".join(wanted)}. Is it '
                    'that of another head?'
                )
            self._theirs = None
            runner.logger.info(f'Left out of the checkpoint: {", ".join(left_out)}')

    def before_train(self, runner: Any) -> None:
        """Compare checkpoint, training, validation and head."""
        ours = _classes(runner.train_dataloader)
        self._check_head(runner, ours)
        if runner.val_loop is not None:
            val = _classes(runner.val_dataloader)
            if ours and val and renamed(ours) != renamed(val):
                raise ValueError(
                    'Training and validation have different classes:\n'
                    + _both('training', ours, 'validation', val)
                    + 'Set the same `classes` for both.'
                )
        # A classifier of another size is not loaded, so its order does not matter.
        if self._theirs and ours and len(self._theirs) == len(ours):
            self._compare(
                self._theirs, ours, "or set `classifier='new'` of ClassNamesHook"
            )

    def after_train(self, runner: Any) -> None:
        """Replace the names by those of this run."""
        self._theirs = _classes(runner.train_dataloader)

    def before_test(self, runner: Any) -> None:
        """Compare checkpoint, test part and head."""
        ours = _classes(runner.test_dataloader)
        self._check_head(runner, ours)
        if self._theirs and ours:
            self._compare(
                self._theirs, ours, 'or test the checkpoint on the set of its config'
            )

    def _compare(self, given: Sequence[str], ours: Sequence[str], instead: str) -> None:
        theirs = renamed(given, self.mapping)
        if theirs == renamed(ours):
            return
        order = ', '.join(f"'{name}'" for name in given)
        same = set(theirs) == set(renamed(ours))
        raise ValueError(
            'The checkpoint was trained with '
            + ('the classes in another order:\n' if same else 'other classes:\n')
            + _both('checkpoint', given, 'data', ours)
            + f'Read the data by `classes=({order})`, map its labels to these by '
            '`aliases` of the data set, map class names by `mapping` of '
            f'ClassNamesHook, {instead}.'
        )

    @staticmethod
    def _check_head(runner: Any, classes: Sequence[str] | None) -> None:
        number = getattr(
            getattr(_bare(runner.model), 'cls_head', None), 'num_classes', 0
        )
        if classes and number and number != len(classes):
            raise ValueError(
                f'The head has {number} classes and the data {len(classes)}: '
                f'{", ".join(classes)}. Set `model.cls_head.num_classes` and the '
                f"metric's `num_classes` to {len(classes)}."
            )


def _bare(model: Any) -> nn.Module:
    return model.module if is_model_wrapper(model) else model


def _classes(dataloader: Any) -> Sequence[str] | None:
    return (getattr(dataloader.dataset, 'metainfo', None) or {}).get('classes')


def _classifier_weights(model: Any) -> list[str]:
    """Names of the weights of the classifier."""
    head = _bare(model).cls_head
    layers = classifier_layers(head, getattr(head, 'classifier_name', None))
    return [
        f'cls_head.{name}.{part}' for name, _ in layers for part in ('weight', 'bias')
    ]


def _both(a: str, first: Sequence[str], b: str, second: Sequence[str]) -> str:
    width = max(len(a), len(b))
    return ''.join(
        f'  {who:{width}}: {", ".join(names)}\n'
        for who, names in ((a, first), (b, second))
    )
