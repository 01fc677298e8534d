"""What heads with feature losses do with samples: clips, votes, unlabelled ones."""

from collections.abc import Sequence
from typing import Any

import torch
from mmaction.evaluation import top_k_accuracy
from mmaction.structures import ActionDataSample
from torch import Tensor


class FeatureLossMixin:
    """Put before a head among the base classes; the head has ``feature_losses``.

    Samples with a ``label_distribution`` of shape (num_classes,) are learnt from that:
    ``loss_cls`` is a soft cross-entropy (the Kullback-Leibler divergence but for a
    constant). Accuracy and feature losses see the single label, and leave out samples
    where it is -1.
    """

    def loss_by_feat(
        self, cls_scores: Tensor, data_samples: Sequence, **kwargs: Any
    ) -> dict[str, Tensor]:
        """The head's own loss.

        Args:
            cls_scores (torch.Tensor): Shape (n x k, num_classes).
            data_samples (Sequence[ActionDataSample]): n samples; where there are k
                clips a sample, each clip gets the label of its sample.

        Returns:
            dict[str, torch.Tensor]: ``loss_cls`` and ``top1_acc`` for stock heads.

        Raises:
            ValueError: If only some samples have a distribution.
        """
        repeated = _repeat(data_samples, len(cls_scores))
        if not _voted(repeated):
            return super().loss_by_feat(cls_scores, repeated, **kwargs)
        soft = _distributions(repeated)
        losses = super().loss_by_feat(cls_scores, soft, **kwargs)
        labelled = _labelled(repeated)
        if labelled:
            accuracy = top_k_accuracy(
                cls_scores[labelled].detach().cpu().numpy(),
                [repeated[i].gt_label.item() for i in labelled],
                self.topk,
            )
            for k, share in zip(self.topk, accuracy):
                losses[f'top{k}_acc'] = cls_scores.new_tensor(share)
        return losses

    def loss_by_embedding(
        self, embedding: Tensor, data_samples: Sequence
    ) -> dict[str, Tensor]:
        """The feature losses and their statistics.

        Args:
            embedding (torch.Tensor): Shape (n x k, D).
            data_samples (Sequence[ActionDataSample]): n samples.

        Returns:
            dict[str, torch.Tensor]: Scalars by name. Where one class or none is
            there, the losses are zero, and attached to the graph.
        """
        repeated = _repeat(data_samples, len(embedding))
        if _voted(repeated):
            labelled = _labelled(repeated)
            embedding, repeated = embedding[labelled], [repeated[i] for i in labelled]
        return self.feature_losses(embedding, repeated)


def full_precision(scores: Tensor) -> Tensor:
    """Scores of half precision as float32: accuracy is computed by numpy."""
    return scores.float() if scores.dtype.itemsize < 4 else scores


def _repeat(samples: Sequence, rows: int) -> list[Any]:
    return [sample for sample in samples for _ in range(rows // len(samples))]


def _voted(samples: Sequence) -> bool:
    return any('label_distribution' in sample for sample in samples)


def _labelled(samples: Sequence) -> list[int]:
    return [i for i, sample in enumerate(samples) if sample.gt_label.item() >= 0]


def _distributions(samples: Sequence) -> list[ActionDataSample]:
    """Samples whose label is the distribution of votes."""
    lacking = sum('label_distribution' not in sample for sample in samples)
    if lacking:
        raise ValueError(
            f'{lacking} of {len(samples)} samples have no label_distribution: give all '
            "data sets label='distribution', and PackActionInputs "
            "algorithm_keys=('label_distribution', )"
        )
    return [
        ActionDataSample().set_gt_label(torch.as_tensor(sample.label_distribution))
        for sample in samples
    ]
