"""Labels of a checkpoint and labels of the data mean the same classes."""

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
    """Refuse a checkpoint whose classes are not those of the data, in their order.

    Sets name the same classes in other orders, and a network knows numbers only. Each
    checkpoint carries the names that it was trained with (``dataset_meta``); this hook
    stops a test where they are others than those of the data, and training that goes on
    from a classifier of as many classes in another order. Synonyms such as ``anger``
    and ``angry`` are the same. A checkpoint without names is let through.

    To use a checkpoint on a set in another order, read the set in the order of the
    checkpoint: ``classes=(…)`` of the data set, and ``aliases`` for other words.

    Args:
        mapping (Mapping[str, str], optional): What names of the checkpoint are called
            in the data, such as ``{'joy': 'happy'}``. Defaults to None.
        classifier (str): What training from a checkpoint (``load_from``) does with the
            classifier in it: ``'keep'``, or ``'new'`` to leave it out and begin with a
            fresh one. Resuming and testing keep it. Defaults to ``'keep'``.

    Raises:
        ValueError: If the classes differ; shows both. Also if training and validation
            have other classes than each other, or another number than the head; if
            there is a classifier to leave out and it cannot be told, or is not found.
    """

    priority = 'NORMAL'

    def __init__(
        self, mapping: Mapping[str, str] | None = None, classifier: str = 'keep'
    ) -> None:
        if classifier not in ('keep', 'new'):
            raise ValueError(
                f"classifier must be 'keep' or 'new', got {classifier!r}: what to do "
                'with that of a checkpoint'
            )
        self.mapping, self.classifier = mapping, classifier
        self._theirs: Sequence[str] | None = None

    def after_load_checkpoint(self, runner: Any, checkpoint: dict) -> None:
        """Remember the names, and leave out the classifier where asked to."""
        meta = (checkpoint.get('meta') or {}).get('dataset_meta') or {}
        self._theirs = meta.get('classes')
        # Only MMEngine's own attribute tells training from testing at this time.
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
            # One of a backbone alone has no classifier to leave out.
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
                    'Training and validation have other classes:\n'
                    + _both('training', ours, 'validation', val)
                    + 'Give both the same `classes`.'
                )
        # A classifier of another size is not loaded: there is no order to mistake.
        if self._theirs and ours and len(self._theirs) == len(ours):
            self._compare(
                self._theirs, ours, "or take `classifier='new'` of ClassNamesHook"
            )

    def after_train(self, runner: Any) -> None:
        """From now on the classes are those of this run."""
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
            + f'Read the data by `classes=({order})`, say what its words are there by '
            '`aliases` of the data set, or what names mean by `mapping` of '
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
    """Names of the weights of the layers that give the scores."""
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
