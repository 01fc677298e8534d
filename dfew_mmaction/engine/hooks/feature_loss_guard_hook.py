"""Warnings about losses that keep a network from learning."""

from collections import deque
from collections.abc import Sequence
from typing import Any

import torch
from mmaction.models.heads import BaseHead
from mmaction.registry import HOOKS
from mmengine.hooks import Hook
from mmengine.model import is_model_wrapper

from ...models.heads.feature_loss_mixin import FeatureLossMixin

# Steps before the warning that a network does not learn.
MIN_STEPS = 200
# Mean number of clips per measurement before the warning of a single class.
MIN_CLIPS = 8


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
      classification loss in ``patience`` consecutive measurements, and ``loss_cls`` is
      not below a tenth of that of guessing: the gradient of a classifier that fits the
      training data vanishes;
    - the embeddings of a mini-batch are nearly equal in as many measurements;
    - after that time, all clips are predicted as one class in as many measurements of
      mini-batches of several classes, with at least eight clips each or as many in all.

    Guessing is scored by the head's own ``loss_cls``, with its weights and smoothing.
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
        self._recent: deque[tuple[torch.Tensor, Sequence]] = deque(maxlen=50)
        self._labels: list[int] = []
        self._begun = self._alike = 0

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
        samples = data_batch.get('data_samples') if isinstance(data_batch, dict) else ()
        samples, start = samples or (), max(len(runner.train_dataloader), MIN_STEPS)
        if steps <= start:
            self._labels += _classes(samples)
            if 'loss_cls' in outputs:
                loss = torch.as_tensor(outputs['loss_cls']).detach()
                self._recent.append((loss, samples))
        if steps == start:
            self._check_start(runner)
        head = _head(runner.model)
        if getattr(head, 'monitored', False) and 'embedding_norm' in outputs:
            head.monitored = False
            self._check_shares(runner, outputs, samples)
            self._check_alike(runner, outputs, samples, steps > start)

    def _check_shares(self, runner: Any, outputs: dict, samples: Sequence) -> None:
        head = _head(runner.model)
        for name, short in head.feature_losses.statistic_names.items():
            share = float(outputs.get(f'{short}_share', 0))
            self._watch(
                runner, name,
                share > self.max_share and not _fitted(head, outputs, samples),
                f'the gradient of {name} at the embedding is {share:.1f} times that of '
                'the classification loss: the network may not learn to classify. Lower '
                'the loss_weight of this loss, or limit it by max_share=0.5 '
                '(docs/ec_stfl.md).',
            )  # fmt: skip

    def _check_alike(
        self, runner: Any, outputs: dict, samples: Sequence, begun: bool
    ) -> None:
        spread, classes = float(outputs['embedding_spread']), _classes(samples)
        if len(samples) > 1:
            self._watch(
                runner, 'spread', spread < self.min_spread,
                'the embeddings of the clips of a mini-batch are nearly equal (spread '
                f'{spread:.1g} of their norm): the network distinguishes no clips. '
                'Lower the learning rate or the loss_weight of the feature losses.',
            )  # fmt: skip
        if begun and len(set(classes)) > 1:
            alike = float(outputs['top_class_share']) == 1
            self._alike = self._alike + len(classes) if alike else 0
            self._watch(
                runner, 'single class', alike,
                'all clips of the mini-batch are predicted as one class, in '
                f'{self.patience} measurements in a row: the network does not learn, '
                'or only class frequencies. Check the labels, lower the learning rate '
                'or the loss_weight of the feature losses.',
                enough=self._alike >= MIN_CLIPS * self.patience,
            )  # fmt: skip

    def _watch(
        self, runner: Any, what: str, bad: bool, message: str, *, enough: bool = True
    ) -> None:
        self._streaks[what] = self._streaks.get(what, 0) + 1 if bad else 0
        if self._streaks[what] >= self.patience and enough:
            self._warn(runner, what, message)

    def _warn(self, runner: Any, what: str, message: str) -> None:
        if what not in self._warned:
            self._warned.add(what)
            runner.logger.warning(f'Step {runner.iter + 1}: {message}')

    def _check_start(self, runner: Any) -> None:
        labels = torch.tensor(self._labels, dtype=torch.long)
        shares = labels.bincount() / max(len(labels), 1)
        if (shares > 0).sum() > 1 and self._recent:
            head = _head(runner.model)
            guesses = [_guess(head, samples, shares) for _, samples in self._recent]
            guessing = sum(guesses) / len(guesses)
            loss = float(torch.stack([loss for loss, _ in self._recent]).mean())
            if loss > 0.98 * guessing:
                self._warn(
                    runner, 'start',
                    f'loss_cls is {loss:.2f}; guessing by class frequency reaches '
                    f'{guessing:.2f}: nothing is learnt yet. Compare the logged share '
                    'of each feature loss with 1 and lower its loss_weight; without '
                    'feature losses, try another learning rate and check the labels.',
                )  # fmt: skip
        self._labels.clear()
        self._recent.clear()


def _head(model: Any) -> Any:
    model = model.module if is_model_wrapper(model) else model
    return getattr(model, 'cls_head', None)


def _classes(samples: Sequence) -> list[int]:
    """The labels of the samples that have a single one."""
    labels = [
        int(sample.gt_label)
        for sample in samples
        if 'gt_label' in sample and sample.gt_label.numel() == 1
    ]
    return [label for label in labels if label >= 0]


@torch.no_grad()
def _guess(head: Any, samples: Sequence, shares: torch.Tensor) -> float:
    """``loss_cls`` of the better of two guesses: class shares, or equal scores.

    Without a head of MMAction2, the entropy of the shares.
    """
    entropy = -float(shares.xlogy(shares).sum())
    own = getattr(type(head), 'loss_by_feat', None)
    if own not in (BaseHead.loss_by_feat, FeatureLossMixin.loss_by_feat) or not samples:
        return entropy
    count = head.num_classes
    shares = torch.cat([shares, shares.new_zeros(max(count - len(shares), 0))])
    # Classes that did not occur are not impossible.
    known = (0.99 * shares + 0.01 / count).log()
    device = next(head.parameters()).device
    found = []
    for scores in (known, torch.zeros(count)):
        rows = scores.to(device).expand(len(samples), -1)
        found.append(head.loss_by_feat(rows, samples).get('loss_cls', entropy))
    return float(min(found))


def _fitted(head: Any, outputs: dict, samples: Sequence) -> bool:
    """Whether the classifier fits the mini-batch, so that its gradient vanishes."""
    if 'loss_cls' not in outputs or not samples:
        return False
    equal = torch.full((head.num_classes,), 1 / head.num_classes)
    loss = float(torch.as_tensor(outputs['loss_cls']).detach())
    return loss < 0.1 * _guess(head, samples, equal)
