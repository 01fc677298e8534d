"""C3D with any width and input size."""

from collections.abc import Sequence

import torch
from mmaction.registry import MODELS
from mmcv.cnn import ConvModule
from mmengine.model import BaseModule
from torch import Tensor, nn


@MODELS.register_module()
class SlimC3D(BaseModule):
    """C3D (Tran et al., ICCV 2015) with adjustable widths, for CPUs or small data sets.

    MMAction2's ``C3D`` has fixed widths and 78 million parameters. With
    ``base_channels=64``, ``fc_channels=4096`` and an input size of 112 this is the same
    network with the same names, so that checkpoints fit both.

    Args:
        base_channels (int): Channels of the first layer; the later ones have 2, 4, 8
            and 8 times as many. Defaults to 16.
        fc_channels (int): Width of fc6 and fc7. Defaults to 256.
        input_size (int): Height and width of the frames. Defaults to 56.
        norm_cfg (dict, optional): Defaults to ``dict(type='BN3d')``.
        dropout_ratio (float): Dropout between fc6 and fc7. Defaults to 0.5.
        init_cfg (dict | list[dict], optional): Defaults to Kaiming initialisation of
            all layers.
    """

    _stages: tuple[tuple[int, tuple[str, ...]], ...] = (
        (1, ('1a',)), (2, ('2a',)), (4, ('3a', '3b')), (8, ('4a', '4b')),
        (8, ('5a', '5b')),
    )  # fmt: skip

    def __init__(
        self,
        base_channels: int = 16,
        fc_channels: int = 256,
        input_size: int = 56,
        *,
        norm_cfg: dict | None = None,
        dropout_ratio: float = 0.5,
        init_cfg: Sequence[dict] | None = None,
    ) -> None:
        if init_cfg is None:
            init_cfg = [
                dict(type='Kaiming', layer='Conv3d'),
                dict(type='Kaiming', layer='Linear'),
            ]
        super().__init__(init_cfg=init_cfg)
        if input_size < 16:
            raise ValueError(
                f'input_size must be at least 16 for four halvings, got {input_size}'
            )
        self.input_size = input_size
        channels = 3
        for number, (factor, names) in enumerate(self._stages, start=1):
            for name in names:
                width = factor * base_channels
                conv = ConvModule(
                    channels,
                    width,
                    kernel_size=3,
                    padding=1,
                    conv_cfg=dict(type='Conv3d'),
                    norm_cfg=norm_cfg or dict(type='BN3d'),
                )
                self.add_module(f'conv{name}', conv)
                channels = width
            pool = (1, 2, 2) if number == 1 else (2, 2, 2)
            padding = (0, 1, 1) if number == 5 else 0
            self.add_module(f'pool{number}', nn.MaxPool3d(pool, pool, padding))
        side = input_size // 16 // 2 + 1  # pool5 pads by one on either side
        self.fc6 = nn.Linear(channels * side * side, fc_channels)
        self.fc7 = nn.Linear(fc_channels, fc_channels)
        self.relu = nn.ReLU(inplace=True)
        self.dropout = nn.Dropout(dropout_ratio)

    def forward(self, x: Tensor) -> Tensor:
        """Features after fc7 and ReLU.

        Args:
            x (torch.Tensor): Clips of shape (N, 3, 16, input_size, input_size).

        Returns:
            torch.Tensor: Shape (N, fc_channels).

        Raises:
            ValueError: For clips of another shape.
        """
        expected = (3, 16, self.input_size, self.input_size)
        if tuple(x.shape[1:]) != expected:
            raise ValueError(
                f'C3D of input_size={self.input_size} needs clips of shape '
                f'(N, {", ".join(map(str, expected))}), got {tuple(x.shape)}'
            )
        # Narrow layers are faster on a CPU with the values in this order.
        x = x.contiguous(memory_format=torch.channels_last_3d)
        for number, (_, names) in enumerate(self._stages, start=1):
            for name in names:
                x = self.get_submodule(f'conv{name}')(x)
            x = self.get_submodule(f'pool{number}')(x)
        x = self.dropout(self.relu(self.fc6(torch.flatten(x, 1))))
        return self.relu(self.fc7(x))
