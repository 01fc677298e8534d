"""How any head puts losses on its embedding."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import torch
from mmaction.evaluation import top_k_accuracy
from mmaction.structures import ActionDataSample
from torch import Tensor

from ..losses import FeatureLosses, gradient_statistics, limit_gradients
from .embedding_recorder import EmbeddingRecorder

# A type checker knows the methods of the head; at run time the head follows the mixin.
if TYPE_CHECKING:
    from mmaction.models.heads import BaseHead as _Head
else:
    _Head = object


class FeatureLossMixin(_Head):
    """Feature losses for a head; precedes the head among the base classes.

    The head sets ``feature_losses``. The embedding is what :class:`EmbeddingRecorder`
    records during the head's own forward pass.

    Samples with a ``label_distribution`` of shape (num_classes,) are learnt from that
    distribution: ``loss_cls`` is a soft cross-entropy (the Kullback-Leibler divergence
    up to a constant). Accuracy and feature losses use the single label and skip samples
    whose label is -1.

    Attributes:
        feature_losses (FeatureLosses): The losses on the embedding.
        classifier_name (str, optional): Name of the classifier in the head, if it
            cannot be inferred.
        monitored (bool): Whether ``loss`` also returns the statistics that
            :class:`FeatureLossGuardHook` logs; the hook sets it where it measures.
    """

    feature_losses: FeatureLosses
    classifier_name: str | None = None
    monitored: bool = False

    def loss(
        self, feats: Any, data_samples: Sequence, **kwargs: Any
    ) -> dict[str, Tensor]:
        """Losses of a mini-batch by name: the head's own and the feature losses.

        Args:
            feats (torch.Tensor | tuple): Output of the backbone for n x k clips.
            data_samples (Sequence[ActionDataSample]): n samples.
            **kwargs: For the head, such as ``num_segs``.

        Returns:
            dict[str, torch.Tensor]: ``loss_cls``, ``top1_acc``, each feature loss and
            its statistics.

        Raises:
            ValueError: If only some samples have a ``label_distribution``.
        """
        with EmbeddingRecorder(self, self.classifier_name) as recorder:
            losses = super().loss(feats, data_samples, **kwargs)
            embedding, inputs = recorder.embedding(), recorder.inputs()
            scores = recorder.scores()
        base = sum(value for name, value in losses.items() if 'loss' in name)
        extra = self.loss_by_embedding(embedding, data_samples)
        losses.update(limit_gradients(self.feature_losses, extra, base, inputs))
        if self.monitored and base.requires_grad:
            measured = gradient_statistics(self.feature_losses, losses, base, inputs)
            losses.update(measured)
            losses.update(embedding_statistics(embedding, scores))
        return losses

    def loss_by_feat(
        self, cls_scores: Tensor, data_samples: Sequence, **kwargs: Any
    ) -> dict[str, Tensor]:
        """The head's own loss.

        Args:
            cls_scores (torch.Tensor): Shape (n x k, num_classes).
            data_samples (Sequence[ActionDataSample]): n samples; each of the k clips
                of a sample gets its label.

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
            dict[str, torch.Tensor]: Scalars by name. For a mini-batch with at most one
            class, the losses are zero and attached to the graph.
        """
        repeated = _repeat(data_samples, len(embedding))
        if _voted(repeated):
            labelled = _labelled(repeated)
            embedding, repeated = embedding[labelled], [repeated[i] for i in labelled]
        return self.feature_losses(embedding, repeated)


def full_precision(scores: Tensor) -> Tensor:
    """Scores of half precision as float32: accuracy is computed by numpy."""
    return scores.float() if scores.dtype.itemsize < 4 else scores


@torch.no_grad()
def embedding_statistics(embedding: Tensor, scores: Tensor) -> dict[str, Tensor]:
    """Norm and spread of embeddings, and how alike the predictions are, for the log.

    Args:
        embedding (torch.Tensor): Shape (n, d).
        scores (torch.Tensor): Shape (n, num_classes).

    Returns:
        dict[str, torch.Tensor]: ``embedding_norm``, the mean Euclidean norm;
        ``embedding_spread``, the root mean square distance to the mean embedding,
        divided by that norm; ``top_class_share``, the share of the mini-batch that is
        predicted as its most frequent prediction.
    """
    x = embedding.detach().float()
    norm = x.norm(dim=1).mean()
    spread = (x - x.mean(dim=0)).square().sum(dim=1).mean().sqrt()
    frequent = scores.argmax(dim=1).mode().values
    return dict(
        embedding_norm=norm,
        embedding_spread=spread / norm.clamp(min=torch.finfo(norm.dtype).tiny),
        top_class_share=(scores.argmax(dim=1) == frequent).float().mean(),
    )


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
            "data sets label_type='distribution', and PackActionInputs "
            "algorithm_keys=('label_distribution', )"
        )
    return [
        ActionDataSample().set_gt_label(torch.as_tensor(sample.label_distribution))
        for sample in samples
    ]
