"""Head of C3D, with losses on its embedding."""

from collections.abc import Sequence
from typing import Any

from mmaction.models.heads import BaseHead
from mmaction.registry import MODELS
from mmengine.model.weight_init import normal_init
from torch import Tensor, nn

from ..losses import FeatureLosses
from .feature_loss_mixin import FeatureLossMixin, full_precision


@MODELS.register_module()
class C3DHead(FeatureLossMixin, BaseHead):
    """Pooling, embedding, dropout, classifier; feature losses on the embedding.

    ::

        (N, C) or (N, C, T, H, W) ─► average over T, H, W ─► [fc_embed ─► ReLU]
            ─► embedding (N, D) ─► dropout ─► fc_cls ─► scores (N, num_classes)
                      │
                      └─► feature_losses(embedding, labels), in training

    MMAction2's ``C3D`` already ends in fc7 and ReLU: its output is the embedding, "just
    before the softmax layer" as in the paper, so ``embed_channels`` stays None.

    Args:
        num_classes (int): Number of classes. Defaults to 7.
        in_channels (int): Channels of the backbone's output. Defaults to 4096.
        feature_losses (Sequence[dict]): Losses on the embedding, such as
            ``dict(type='ECSTFLLoss', loss_weight=10.0)``. Each is logged by its name.
        embed_channels (int, optional): Size D of an embedding layer of the head.
            Defaults to None: the pooled features are the embedding.
        loss_cls (dict): Loss of the scores. Defaults to cross-entropy.
        dropout_ratio (float): Defaults to 0.5.
        init_std (float): Standard deviation of the initial weights. Defaults to 0.01.
        average_clips (str): How scores of several clips of a video are averaged;
            ``'prob'`` averages probabilities. Defaults to ``'prob'``.
        topk (int | tuple[int]): For the training log. Defaults to 1.
        **kwargs: For MMAction2's ``BaseHead``.
    """

    def __init__(
        self,
        num_classes: int = 7,
        in_channels: int = 4096,
        feature_losses: Sequence[dict] = (),
        *,
        embed_channels: int | None = None,
        loss_cls: dict | None = None,
        dropout_ratio: float = 0.5,
        init_std: float = 0.01,
        average_clips: str | None = 'prob',
        topk: Any = 1,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            num_classes,
            in_channels,
            loss_cls or dict(type='CrossEntropyLoss'),
            topk=topk,
            average_clips=average_clips,
            **kwargs,
        )
        self.init_std = init_std
        channels = in_channels
        self.fc_embed = None
        if embed_channels is not None:
            self.fc_embed = nn.Linear(in_channels, embed_channels)
            self.relu = nn.ReLU(inplace=True)
            channels = embed_channels
        self.dropout = nn.Dropout(dropout_ratio)
        self.fc_cls = nn.Linear(channels, num_classes)
        self.feature_losses = FeatureLosses(feature_losses)

    def init_weights(self) -> None:
        """Draw the weights of the linear layers from a normal distribution."""
        for layer in (self.fc_embed, self.fc_cls):
            if layer is not None:
                normal_init(layer, std=self.init_std)

    def forward(self, x: Tensor, **kwargs: Any) -> Tensor:
        """Scores of shape (N, num_classes) from features (N, C) or (N, C, ...)."""
        if x.dim() > 2:
            x = x.flatten(2).mean(dim=2)
        if self.fc_embed is not None:
            x = self.relu(self.fc_embed(x))
        return full_precision(self.fc_cls(self.dropout(x)))
