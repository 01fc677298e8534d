"""Warnings about losses that keep a network from learning."""

import math
from collections import deque
from typing import Any

import torch
from mmaction.registry import HOOKS
from mmengine.hooks import Hook
from mmengine.model import is_model_wrapper

# Steps before the warning that a network does not learn.
MIN_STEPS = 200


@HOOKS.register_module()
class FeatureLossGuardHook(Hook):
    """Log the strength of feature losses, and warn if a network does not learn.

    Every ``interval`` steps the log receives, for each feature loss, ``NAME_share``,
    the norm of its gradient at the embedding divided by that of the classification
    loss, and ``NAME_cosine`` of the angle between both; further ``embedding_norm``,
    ``embedding_spread`` and ``top_class_share``. Only the layers behind the embedding
    are differentiated for this. The training itself does not change.

    It warns, each once in a run, if

    - ``loss_cls`` is still that of guessing by class frequency after the first epoch,
      or after 200 steps if an epoch is shorter;
    - the gradient of a feature loss is more than ``max_share`` times that of the
      classification loss in ``patience`` consecutive measurements;
    - the embeddings of a mini-batch are nearly equal in as many measurements;
    - after that time, all clips are predicted as one class in as many measurements.

    For heads without feature losses of this project, only ``loss_cls`` is checked.

    Args:
        interval (int): Steps between two measurements. Defaults to 20.
        max_share (float): Limit of a share. Defaults to 3.0.
        min_spread (float): Smallest spread of embeddings relative to their norm.
            Defaults to 1e-3.
        patience (int): Number of measurements. Defaults to 5.
    """

    priority = 'NORMAL'

    def __init__(
        self,
        interval: int = 20,
        *,
        max_share: float = 3.0,
        min_spread: float = 1e-3,
        patience: int = 5,
    ) -> None:
        if interval < 1 or patience < 1:
            raise ValueError(
                f'interval and patience must be at least 1, got {interval} and '
                f'{patience}'
            )
        self.interval, self.max_share = interval, max_share
        self.min_spread, self.patience = min_spread, patience
        self._streaks: dict[str, int] = {}
        self._warned: set[str] = set()
        self._recent: deque[torch.Tensor] = deque(maxlen=50)
        self._labels: list[int] = []
        self._begun = 0

    def before_train(self, runner: Any) -> None:
        """Note the step from which the first epoch of this run is counted."""
        self._begun = runner.iter

    def before_train_iter(
        self, runner: Any, batch_idx: int, data_batch: Any = None
    ) -> None:
        """Let the head measure in every ``interval``-th step."""
        head = _head(runner.model)
        if hasattr(head, 'monitored'):
            head.monitored = self.every_n_train_iters(runner, self.interval)

    def after_train_iter(
        self,
        runner: Any,
        batch_idx: int,
        data_batch: Any = None,
        outputs: dict | None = None,
    ) -> None:
        """Check the measurements."""
        outputs, steps = outputs or {}, runner.iter + 1 - self._begun
        start = max(len(runner.train_dataloader), MIN_STEPS)
        if steps <= start:
            self._note(data_batch, outputs)
        if steps == start:
            self._check_start(runner)
        if 'embedding_norm' not in outputs:
            return
        _head(runner.model).monitored = False
        for key, value in outputs.items():
            if key.endswith('_share') and key != 'top_class_share':
                name = key.removesuffix('_share')
                self._watch(
                    runner, key, float(value) > self.max_share,
                    f'the gradient of loss_{name} at the embedding is '
                    f'{float(value):.1f} times that of the classification loss: the '
                    'network may not learn to classify. Lower the loss_weight of this '
                    'loss, or limit it by max_share=0.5 (docs/ec_stfl.md).',
                )  # fmt: skip
        self._watch(
            runner, 'spread', float(outputs['embedding_spread']) < self.min_spread,
            'the embeddings of the clips of a mini-batch are nearly equal (spread '
            f'{float(outputs["embedding_spread"]):.1g} of their norm): the network '
            'distinguishes no clips. Lower the learning rate or the loss_weight of the '
            'feature losses.',
        )  # fmt: skip
        self._watch(
            runner, 'single class',
            steps > start and float(outputs['top_class_share']) == 1,
            'all clips of the mini-batch are predicted as one class, in '
            f'{self.patience} measurements in a row: the network does not learn, or '
            'only class frequencies. Check the labels, lower the learning rate or the '
            'loss_weight of the feature losses.',
        )  # fmt: skip

    def _watch(self, runner: Any, what: str, bad: bool, message: str) -> None:
        self._streaks[what] = self._streaks.get(what, 0) + 1 if bad else 0
        if self._streaks[what] >= self.patience:
            self._warn(runner, what, message)

    def _warn(self, runner: Any, what: str, message: str) -> None:
        if what not in self._warned:
            self._warned.add(what)
            runner.logger.warning(f'Step {runner.iter + 1}: {message}')

    def _note(self, data_batch: Any, outputs: dict) -> None:
        samples = data_batch.get('data_samples') if isinstance(data_batch, dict) else ()
        for sample in samples or ():
            if 'gt_label' in sample and sample.gt_label.numel() == 1:
                self._labels.append(int(sample.gt_label))
        if 'loss_cls' in outputs:
            self._recent.append(torch.as_tensor(outputs['loss_cls']).detach())

    def _check_start(self, runner: Any) -> None:
        labels = torch.tensor([label for label in self._labels if label >= 0])
        if len(labels) and len(self._recent):
            shares = labels.bincount().float() / len(labels)
            guessing = -float(shares.xlogy(shares).sum())
            loss = float(torch.stack(list(self._recent)).mean())
            if guessing > 0 and loss > 0.98 * guessing:
                classes = int((shares > 0).sum())
                self._warn(
                    runner, 'start',
                    f'loss_cls is {loss:.2f}; guessing by class '
                    f'frequency reaches {guessing:.2f} (ln {classes} = '
                    f'{math.log(classes):.2f} without frequencies): nothing is learnt '
                    'yet. Compare the logged share of each feature loss with 1 and '
                    'lower its loss_weight; without feature losses, try another '
                    'learning rate and check the labels.',
                )  # fmt: skip
        self._labels.clear()


def _head(model: Any) -> Any:
    model = model.module if is_model_wrapper(model) else model
    return getattr(model, 'cls_head', None)
