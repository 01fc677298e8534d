"""UAR and WAR as a metric for MMEngine's evaluator."""

import logging
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from mmaction.registry import METRICS
from mmengine.evaluator import BaseMetric
from mmengine.logging import print_log
from tabulate import tabulate

from ...utils import check_scores
from ..functional import confusion_matrix, uar_war


@METRICS.register_module()
class UARWARMetric(BaseMetric):
    """UAR, WAR and the recall of each class, see :func:`uar_war`.

    Keys are ``acc/UAR``, ``acc/WAR`` and ``acc/recall_<class>``, fractions in [0, 1];
    the table in the log shows percent. With several processes the predictions are
    gathered and the clips that the sampler adds to fill the last batch are removed.

    Args:
        num_classes (int): Number of classes. Defaults to 7.
        classes (Sequence[str], optional): Their names. Defaults to those of the data
            set under evaluation, else their numbers.
        collect_device (str): See MMEngine. Defaults to ``'cpu'``.
        prefix (str, optional): Prefix of the keys. Defaults to ``'acc'``.
        collect_dir (str, optional): See MMEngine. Defaults to None.
    """

    default_prefix = 'acc'

    def __init__(
        self,
        num_classes: int = 7,
        classes: Sequence[str] | None = None,
        collect_device: str = 'cpu',
        *,
        prefix: str | None = None,
        collect_dir: str | None = None,
    ) -> None:
        super().__init__(collect_device, prefix, collect_dir)
        self.num_classes, self.classes = num_classes, classes

    def process(self, data_batch: Any, data_samples: Sequence[dict]) -> None:
        """Store true and predicted label of each sample."""
        for sample in data_samples:
            score = sample['pred_score']
            if score.ndim != 1:
                raise ValueError(
                    f'the head gave scores of shape {tuple(score.shape)} for a video: '
                    "set `average_clips='prob'` in the head to average its clips"
                )
            # float64 represents every half, bfloat16 and float exactly.
            score = score.double().cpu().numpy()
            check_scores(score[None], [sample.get('video_id', '')])
            pred, label = int(score.argmax()), sample['gt_label'].item()
            self.results.append((pred, label))

    def compute_metrics(self, results: list) -> dict[str, float]:
        """Compute the scores of all samples and log the table."""
        pred, target = np.array(results).T
        classes = self.classes or (self.dataset_meta or {}).get('classes')
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter('always')
            scores = self.calculate(pred, target, self.num_classes, classes)
        for warning in caught:
            print_log(str(warning.message), logger='current', level=logging.WARNING)
        table = self.table(scores, confusion_matrix(pred, target, self.num_classes))
        print_log(f'{len(target)} clips\n{table}', logger='current')
        return scores

    @staticmethod
    def calculate(
        pred: Any,
        target: Any,
        num_classes: int = 7,
        classes: Sequence[str] | None = None,
    ) -> dict[str, float]:
        """Compute scores without a runner.

        Args:
            pred (torch.Tensor | np.ndarray | Sequence): Predicted labels (n, ) or
                scores (n, num_classes).
            target (torch.Tensor | np.ndarray | Sequence): True labels from 0, (n, ).
            num_classes (int): Number of classes. Defaults to 7.
            classes (Sequence[str], optional): Names. Defaults to the numbers.

        Returns:
            dict[str, float]: ``UAR``, ``WAR`` and ``recall_<class>`` in [0, 1].

        Examples:
            >>> UARWARMetric.calculate([0, 1, 1], [0, 1, 0], num_classes=2)['UAR']
            0.75
        """
        pred, target = (
            (x.detach().cpu().double().numpy() if x.is_floating_point() else x.cpu())
            if hasattr(x, 'detach')
            else x
            for x in (pred, target)
        )
        return uar_war(pred, target, num_classes, classes=classes)

    @staticmethod
    def table(scores: dict[str, float], matrix: np.ndarray) -> str:
        """Format one evaluation as a table in percent, with one column per class.

        Args:
            scores (dict[str, float]): What :meth:`calculate` returns.
            matrix (np.ndarray): Confusion matrix of the same predictions.

        Returns:
            str: Several lines.
        """
        recalls = {k[7:]: v for k, v in scores.items() if k.startswith('recall_')}
        percent = [*recalls.values(), scores['UAR'], scores['WAR']]
        cells = ['-' if np.isnan(value) else f'{100 * value:.2f}' for value in percent]
        hits = [f'{h}/{t}' for h, t in zip(matrix.diagonal(), matrix.sum(axis=1))]
        hits += ['', f'{matrix.trace()}/{matrix.sum()}']
        rows = [['recall %', *cells], ['correct', *hits]]
        return tabulate(
            rows,
            headers=['', *recalls, 'UAR', 'WAR'],
            tablefmt='github',
            disable_numparse=True,
            stralign='right',
        )
