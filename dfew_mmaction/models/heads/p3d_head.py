"""Head of P3D."""

from typing import Any

from mmaction.registry import MODELS

from .c3d_head import C3DHead


@MODELS.register_module()
class P3DHead(C3DHead):
    """:class:`C3DHead` for the 2048 channels of :class:`P3D`.

    Pooled over time and space they are the embedding, on which feature losses work,
    followed by dropout and the classifier.

    Args:
        num_classes (int): Number of classes. Defaults to 7.
        in_channels (int): Channels of the backbone's output. Defaults to 2048.
        **kwargs: For :class:`C3DHead`.
    """

    def __init__(
        self, num_classes: int = 7, in_channels: int = 2048, **kwargs: Any
    ) -> None:
        super().__init__(num_classes, in_channels, **kwargs)
