"""Pseudo-3D residual networks."""

from collections.abc import Sequence
from itertools import cycle

import torch
from mmaction.registry import MODELS
from mmcv.cnn import ConvModule
from mmengine.model import BaseModule
from torch import Tensor, nn

_STAGES = {63: (3, 4, 6, 3), 131: (3, 4, 23, 3), 199: (3, 8, 36, 3)}
_KINDS = ('A', 'B', 'C')
_EXPANSION = 4


@MODELS.register_module()
class P3D(BaseModule):
    """P3D (Qiu et al., ICCV 2017): 3-D convolutions split into space and time.

    ::

        (N, 3, T, H, W) ─► 1×7×7 /2 in space ─► max pool 2×3×3 /2
            ─► stage 1 ─► pool T/2 ─► stage 2 ─► pool T/2 ─► stage 3 ─► pool T/2
            ─► stage 4, in 2-D, on each time step ─► (N, 2048, T/16, H/32, W/32)

    The layout is that of a ResNet-50, -101 or -152; the kinds of the 3-D blocks cycle
    through A, B, C, see :class:`P3DBlock`. As in the PyTorch version that the authors
    of DFEW use, each stage halves the size of the frames in its first 1×1×1
    convolution. That version mixes channels with time if more than one time step is
    left for stage 4; here stage 4 processes each time step separately, which gives the
    same result for 16 to 31 frames.

    Args:
        depth (int): 63, 131 or 199. Defaults to 63.
        base_channels (int): Channels inside the blocks of the first stage; the output
            has 32 times as many. Defaults to 64.
        kinds (Sequence[str]): Kinds of the blocks, in a cycle. Defaults to A, B, C.
        in_channels (int): Channels of the frames. Defaults to 3.
        norm_cfg (dict, optional): Defaults to ``dict(type='BN')`` in the dimension of
            each layer.
        init_cfg (dict | list[dict], optional): Defaults to Kaiming initialisation.
    """

    def __init__(
        self,
        depth: int = 63,
        base_channels: int = 64,
        kinds: Sequence[str] = _KINDS,
        *,
        in_channels: int = 3,
        norm_cfg: dict | None = None,
        init_cfg: Sequence[dict] | None = None,
    ) -> None:
        if init_cfg is None:
            init_cfg = [dict(type='Kaiming', layer=['Conv2d', 'Conv3d'])]
        super().__init__(init_cfg=init_cfg)
        if depth not in _STAGES:
            raise ValueError(f'depth must be one of {list(_STAGES)}, got {depth}')
        if not kinds or set(kinds) - set(_KINDS):
            raise ValueError(f'kinds must be from {_KINDS}, got {kinds!r}')
        self.stem = _conv(
            3, in_channels, base_channels, (1, 7, 7), norm_cfg, (1, 2, 2), (0, 3, 3)
        )
        self.pool = nn.MaxPool3d((2, 3, 3), stride=2, padding=(0, 1, 1))
        self.pool_time = nn.MaxPool3d((2, 1, 1), stride=(2, 1, 1))
        in_turn, channels = cycle(kinds), base_channels
        for number, blocks in enumerate(_STAGES[depth], start=1):
            stage, planes = [], base_channels * 2 ** (number - 1)
            for index in range(blocks):
                kind = '2D' if number == 4 else next(in_turn)
                stride = 2 if index == 0 and number > 1 else 1
                stage.append(
                    P3DBlock(channels, planes, kind, stride=stride, norm_cfg=norm_cfg)
                )
                channels = planes * _EXPANSION
            self.add_module(f'layer{number}', nn.Sequential(*stage))

    def forward(self, x: Tensor) -> Tensor:
        """Features of the clips.

        Args:
            x (torch.Tensor): Clips of shape (N, in_channels, T, H, W), T at least 16.

        Returns:
            torch.Tensor: Shape (N, C, T // 16, ceil(H / 32), ceil(W / 32)),
            with C of 32 base_channels, 2048 by default.

        Raises:
            ValueError: For shorter clips.
        """
        if x.dim() != 5 or x.shape[2] < 16:
            raise ValueError(
                'P3D halves the frames four times, so clips need shape (N, C, T, H, W) '
                f'with T of at least 16, got {tuple(x.shape)}'
            )
        x = self.pool(self.stem(x))
        for stage in (self.layer1, self.layer2, self.layer3):
            x = self.pool_time(stage(x))
        clips, steps = x.shape[0], x.shape[2]
        x = self.layer4(x.transpose(1, 2).flatten(0, 1))
        return x.unflatten(0, (clips, steps)).transpose(1, 2)


class P3DBlock(nn.Module):
    """Bottleneck with one of four kinds of middle layers.

    ::

        A: ─► S ─► T ─►      B: ─┬► S ─┐      C: ─► S ─┬► T ─┐       2D: ─► S ─►
                                 └► T ─┴+►             └─────┴+►

    S is 1×3×3 over space, T 3×1×1 over time, each with norm and ReLU. They are the
    middle of a residual block: 1×1×1, middle, 1×1×1, plus the shortcut.

    Args:
        in_channels (int): Input channels.
        planes (int): Channels of the middle; the output has four times as many.
        kind (str): ``'A'``, ``'B'``, ``'C'``, or ``'2D'`` on pictures.
        stride (int): Of the frames' height and width. Defaults to 1.
        norm_cfg (dict, optional): See :class:`P3D`.
    """

    def __init__(
        self,
        in_channels: int,
        planes: int,
        kind: str,
        *,
        stride: int = 1,
        norm_cfg: dict | None = None,
    ) -> None:
        super().__init__()
        self.kind = kind
        dims = 2 if kind == '2D' else 3
        strides, outer = _spatial(stride, dims, 1), planes * _EXPANSION
        self.reduce = _conv(dims, in_channels, planes, 1, norm_cfg, strides)
        self.spatial = _conv(
            dims, planes, planes, _spatial(3, dims, 1), norm_cfg,
            padding=_spatial(1, dims, 0),
        )  # fmt: skip
        if dims == 3:
            self.temporal = _conv(
                3, planes, planes, (3, 1, 1), norm_cfg, padding=(1, 0, 0)
            )
        self.expand = _conv(dims, planes, outer, 1, norm_cfg, act_cfg=None)
        self.shortcut = nn.Identity()
        if in_channels != outer:
            self.shortcut = _conv(
                dims, in_channels, outer, 1, norm_cfg, strides, act_cfg=None
            )

    def forward(self, x: Tensor) -> Tensor:
        """Features (N, 4 planes, [T, ] H / stride, W / stride)."""
        out = self.reduce(x)
        if self.kind == 'B':
            out = self.spatial(out) + self.temporal(out)
        else:
            out = self.spatial(out)
            if self.kind == 'A':
                out = self.temporal(out)
            elif self.kind == 'C':
                out = out + self.temporal(out)
        return torch.relu(self.expand(out) + self.shortcut(x))


def _spatial(size: int, dims: int, time: int) -> tuple:
    return (time, size, size)[3 - dims :]


def _conv(
    dims: int,
    in_channels: int,
    out_channels: int,
    kernel: int | Sequence[int],
    norm_cfg: dict | None,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] = 0,
    **kwargs: dict | None,
) -> ConvModule:
    norm_cfg = dict(norm_cfg or dict(type='BN'))
    if norm_cfg['type'] in ('BN', 'BN2d', 'BN3d'):
        norm_cfg['type'] = f'BN{dims}d'
    return ConvModule(
        in_channels, out_channels, kernel, stride, padding,
        conv_cfg=dict(type=f'Conv{dims}d'), norm_cfg=norm_cfg, **kwargs,
    )  # fmt: skip
