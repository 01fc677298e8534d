"""A 2-D network for each frame, followed by an LSTM."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import torch
from mmaction.registry import MODELS
from mmcv.cnn import VGG
from mmengine.model import BaseModule
from mmengine.utils.dl_utils.parrots_wrapper import _BatchNorm
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

_OUTPUTS = ('concat', 'last', 'mean')

# mmcv has VGG but does not register it.
if 'VGG' not in MODELS.module_dict:
    MODELS.register_module(name='VGG', module=VGG)


@MODELS.register_module()
class CNNLSTM(BaseModule):
    """Any 2-D network on each frame, followed by an LSTM over the frames.

    ::

        (N, 3, T, H, W) ─► frames (N·T, 3, H, W) ─► backbone ─► average over space
            ─► (N, T, in_channels) ─► LSTM ─► (N, T, hidden_size) ─► output

    The VGG11+LSTM and Resnet18+LSTM of the paper. Three layers of 256 and concatenated
    outputs follow the authors' code. The average over space allows any size of the
    frames.

    Args:
        backbone (dict): A registered 2-D network that returns (n, C), (n, C, h, w), or
            a tuple of these, of which the last is used: MMAction2's ``ResNet``, mmcv's
            ``VGG``, ….
        in_channels (int): Channels C of its output. Defaults to 512.
        hidden_size (int): Width of the LSTM. Defaults to 256.
        num_layers (int): Layers of the LSTM. Defaults to 3.
        output (str): ``'concat'``: the concatenated outputs of all frames (T ·
            hidden_size values, so that the head fixes T); ``'last'``: the output of the
            last frame; ``'mean'``: the mean output. Defaults to ``'concat'``.
        dropout (float): Dropout between the layers of the LSTM. Defaults to 0.
        chunk_size (int, optional): Maximum number of frames that pass the 2-D network
            at once. In training the backward pass computes their activations again
            instead of storing them, and batch normalisation uses the mean and variance
            of a chunk. Defaults to None, all at once.
        init_cfg (dict | list[dict], optional): Defaults to None: the initialisation of
            the 2-D network and PyTorch's for the LSTM.
    """

    def __init__(
        self,
        backbone: dict,
        in_channels: int = 512,
        hidden_size: int = 256,
        *,
        num_layers: int = 3,
        output: str = 'concat',
        dropout: float = 0.0,
        chunk_size: int | None = None,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg=init_cfg)
        if output not in _OUTPUTS:
            raise ValueError(f'output must be one of {_OUTPUTS}, got {output!r}')
        if chunk_size is not None and chunk_size < 1:
            raise ValueError(f'chunk_size must be at least 1, got {chunk_size}')
        self.output, self.chunk_size = output, chunk_size
        self.backbone = MODELS.build(backbone)
        self.lstm = nn.LSTM(
            in_channels, hidden_size, num_layers, batch_first=True, dropout=dropout
        )

    def forward(self, x: Tensor) -> Tensor:
        """Features of the clips.

        Args:
            x (torch.Tensor): Clips of shape (N, 3, T, H, W).

        Returns:
            torch.Tensor: Shape (N, T · hidden_size) or (N, hidden_size).

        Raises:
            ValueError: If the 2-D network gives another number of channels, or the
                frames are too small for it.
        """
        clips, steps = x.shape[0], x.shape[2]
        frames = x.transpose(1, 2).flatten(0, 1)
        # Without chunks, exporters do not treat the number of frames as fixed.
        parts = frames.split(self.chunk_size) if self.chunk_size else [frames]
        features = torch.cat([self._chunk(part) for part in parts])
        if features.shape[1] != self.lstm.input_size:
            raise ValueError(
                f'{type(self.backbone).__name__} returns {features.shape[1]} channels, '
                f'CNNLSTM expects in_channels={self.lstm.input_size}'
            )
        outputs, _ = self.lstm(features.unflatten(0, (clips, steps)))
        if self.output == 'concat':
            return outputs.flatten(1)
        return outputs[:, -1] if self.output == 'last' else outputs.mean(dim=1)

    def _chunk(self, frames: Tensor) -> Tensor:
        if self.chunk_size is None or not (self.training and torch.is_grad_enabled()):
            return self._features(frames)
        return checkpoint(
            self._features,
            frames,
            use_reentrant=False,
            context_fn=lambda: (nullcontext(), _kept_statistics(self.backbone)),
        )

    def _features(self, frames: Tensor) -> Tensor:
        try:
            features = self.backbone(frames)
        except RuntimeError as error:
            if 'too small' not in str(error) and 'Kernel size' not in str(error):
                raise
            raise ValueError(
                f'frames of {frames.shape[-2]} x {frames.shape[-1]} are too small for '
                f'{type(self.backbone).__name__}: {error}'
            ) from error
        if isinstance(features, (list, tuple)):
            features = features[-1]
        return features.flatten(2).mean(dim=2) if features.dim() > 2 else features


@contextmanager
def _kept_statistics(network: nn.Module) -> Iterator[None]:
    """Prevent batch normalisation from counting recomputed frames twice."""
    layers = [m for m in network.modules() if isinstance(m, _BatchNorm)]
    kept = [(layer.momentum, layer.num_batches_tracked) for layer in layers]
    for layer in layers:
        layer.momentum = 0.0
        # The counter is increased in place.
        if layer.num_batches_tracked is not None:
            layer.num_batches_tracked = layer.num_batches_tracked.clone()
    try:
        yield
    finally:
        for layer, (momentum, count) in zip(layers, kept):
            layer.momentum, layer.num_batches_tracked = momentum, count
