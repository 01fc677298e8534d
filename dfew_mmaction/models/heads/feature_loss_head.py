"""Feature losses on any head of MMAction2."""

import functools
from collections.abc import Sequence
from typing import Any

from mmaction.registry import MODELS
from torch import Tensor, nn

from ...utils import is_registered
from ..losses import FeatureLosses
from .embedding_recorder import classifier_layers
from .feature_loss_mixin import FeatureLossMixin, full_precision


@MODELS.register_module()
class FeatureLossHead(FeatureLossMixin, nn.Module):
    """A stock head with feature losses on the input of its classifier.

    ::

        features ─► the head: pooling … ─► dropout ─► classifier ─► scores, its own loss
                                      │
                                      └─► embedding ─► feature_losses, in training

    The result is the head itself, with a class derived from its own class and this one:
    loss, prediction, initialisation and parameter names are those of the stock head,
    and checkpoints of either load into the other. See :class:`EmbeddingRecorder` for
    the embedding and ``docs/own_network.md`` for the heads that were tested.

    With several clips per video in training, each clip has the label of its video.
    For ``label_distribution`` see :class:`FeatureLossMixin`.

    Args:
        head (dict | str | nn.Module): Config of the head, or its type: then the other
            arguments are the head's, and a config that inherits them only needs
            ``cls_head=dict(type='FeatureLossHead', head='I3DHead')``.
        feature_losses (Sequence[dict]): Losses on the embedding, such as
            ``dict(type='ECSTFLLoss', loss_weight=10.0)``. Each is logged by its name.
        classifier (str, optional): Name of the classifier in the head, if it cannot be
            inferred. Defaults to None.
        **kwargs: Further arguments of the head; they override those in ``head``.

    Raises:
        ValueError: If the head has no linear classifier or more than one, or already
            has feature losses; if its type is not registered.

    Examples:
        >>> import torch
        >>> head = FeatureLossHead('I3DHead', num_classes=7, in_channels=16)
        >>> head(torch.rand(2, 16, 4, 8, 8)).shape
        torch.Size([2, 7])
        >>> [name for name, _ in head.named_parameters()]
        ['fc_cls.weight', 'fc_cls.bias']
    """

    def __new__(
        cls,
        head: dict | str | nn.Module,
        feature_losses: Sequence = (),
        classifier: str | None = None,
        **kwargs: Any,
    ) -> 'FeatureLossHead':
        if not isinstance(head, nn.Module):
            if isinstance(head, str) and not is_registered(head, MODELS):
                raise ValueError(
                    f'expected the name of a registered head, got head={head!r}; that '
                    'of a part that is imported by its name goes into '
                    'head=dict(type=…)'
                )
            config = dict(type=head) if isinstance(head, str) else dict(head)
            head = MODELS.build({**config, **kwargs})
        elif kwargs:
            raise ValueError(f'the head is built: it cannot be given {list(kwargs)}')
        if hasattr(head, 'feature_losses'):
            raise ValueError(
                f'{type(head).__name__} already has feature_losses: set them there'
            )
        classifier_layers(head, classifier)
        kind: Any = type(head)
        head.__class__ = _with_losses(kind)
        return head

    def __init__(
        self,
        head: dict | str | nn.Module,
        feature_losses: Sequence = (),
        classifier: str | None = None,
        **kwargs: Any,
    ) -> None:
        # The module was initialised as the head that it is.
        self.feature_losses = FeatureLosses(feature_losses)
        self.classifier_name = classifier

    def __reduce__(self) -> tuple:
        return _restore, (type(self).stock,), self.__dict__

    def forward(self, *args: Any, **kwargs: Any) -> Tensor:
        """Scores of the stock head, in full precision."""
        return full_precision(super().forward(*args, **kwargs))


@functools.cache
def _with_losses(stock: type) -> type:
    members = dict(stock=stock, __module__=__name__, __doc__=stock.__doc__)
    return type(f'FeatureLoss{stock.__name__}', (FeatureLossHead, stock), members)


def _restore(stock: type) -> nn.Module:
    """An empty head, for copy and pickle."""
    return object.__new__(_with_losses(stock))
