"""I3D: Inception-V1 inflated to three dimensions."""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from mmaction.registry import MODELS
from mmengine.model import BaseModule
from torch import Tensor, nn

# End point: a convolution (channels, kernel, stride), a pool (kernel, stride), or the
# channels of an Inception module: 1x1x1; reduced and 3x3x3, twice; behind the pool.
_LAYERS: dict[str, tuple] = {
    'Conv3d_1a_7x7': (64, 7, 2),
    'MaxPool3d_2a_3x3': ((1, 3, 3), (1, 2, 2)),
    'Conv3d_2b_1x1': (64, 1, 1),
    'Conv3d_2c_3x3': (192, 3, 1),
    'MaxPool3d_3a_3x3': ((1, 3, 3), (1, 2, 2)),
    'Mixed_3b': (64, 96, 128, 16, 32, 32),
    'Mixed_3c': (128, 128, 192, 32, 96, 64),
    'MaxPool3d_4a_3x3': ((3, 3, 3), (2, 2, 2)),
    'Mixed_4b': (192, 96, 208, 16, 48, 64),
    'Mixed_4c': (160, 112, 224, 24, 64, 64),
    'Mixed_4d': (128, 128, 256, 24, 64, 64),
    'Mixed_4e': (112, 144, 288, 32, 64, 64),
    'Mixed_4f': (256, 160, 320, 32, 128, 128),
    'MaxPool3d_5a_2x2': ((2, 2, 2), (2, 2, 2)),
    'Mixed_5b': (256, 160, 320, 32, 128, 128),
    'Mixed_5c': (384, 192, 384, 48, 128, 128),
}


@MODELS.register_module()
class InceptionI3D(BaseModule):
    """I3D (Carreira & Zisserman, CVPR 2017) on Inception-V1.

    ::

        (N, 3, T, H, W) ─► Conv3d_1a ─► MaxPool3d_2a ─► Conv3d_2b, 2c ─► MaxPool3d_3a
            ─► Mixed_3b, 3c ─► MaxPool3d_4a ─► Mixed_4b … 4f ─► MaxPool3d_5a
            ─► Mixed_5b, 5c ─► (N, 1024, T/8, H/32, W/32)

    MMAction2's I3D is a ResNet-50; this is the original network. Convolutions and pools
    use TensorFlow's "same" padding, which depends on the input size, so that any clip
    of at least one frame is possible.

    Args:
        end_point (str | Sequence[str]): Name of the layer whose output is returned, or
            several names for a tuple. Layers after the last one are not built. Defaults
            to ``'Mixed_5c'``.
        in_channels (int): Channels of the frames. Defaults to 3.
        init_cfg (dict | list[dict], optional): Defaults to Kaiming initialisation.
    """

    def __init__(
        self,
        end_point: str | Sequence[str] = 'Mixed_5c',
        in_channels: int = 3,
        init_cfg: Sequence[dict] | None = None,
    ) -> None:
        super().__init__(init_cfg=init_cfg or [dict(type='Kaiming', layer='Conv3d')])
        self.end_point = end_point
        wanted = [end_point] if isinstance(end_point, str) else list(end_point)
        unknown = [name for name in wanted if name not in _LAYERS]
        if unknown or not wanted:
            raise ValueError(
                f'end_point must be from {list(_LAYERS)}, got {end_point!r}'
            )
        self._wanted = set(wanted)
        names = list(_LAYERS)
        self.names = names[: 1 + max(map(names.index, wanted))]
        channels = in_channels
        for name in self.names:
            layer = _LAYERS[name]
            if name.startswith('Conv'):
                self.add_module(name, SameConv3d(channels, *layer))
                channels = layer[0]
            elif name.startswith('MaxPool'):
                self.add_module(name, SameMaxPool3d(*layer))
            else:
                self.add_module(name, InceptionBlock(channels, layer))
                channels = layer[0] + layer[2] + layer[4] + layer[5]
        self.out_channels = channels

    def forward(self, x: Tensor) -> Tensor | tuple[Tensor, ...]:
        """Features at the end points.

        Args:
            x (torch.Tensor): Clips of shape (N, in_channels, T, H, W).

        Returns:
            torch.Tensor | tuple[torch.Tensor]: At ``'Mixed_5c'`` of shape
            (N, 1024, ceil(T / 8), ceil(H / 32), ceil(W / 32)).
        """
        taken = []
        for name in self.names:
            x = self.get_submodule(name)(x)
            if name in self._wanted:
                taken.append(x)
        return taken[0] if isinstance(self.end_point, str) else tuple(taken)


class InceptionBlock(nn.Module):
    """Four parallel branches, whose channels are concatenated.

    Args:
        in_channels (int): Input channels.
        widths (Sequence[int]): Channels of the six convolutions, see above.
    """

    def __init__(self, in_channels: int, widths: Sequence[int]) -> None:
        super().__init__()
        self.point = SameConv3d(in_channels, widths[0])
        self.reduce1 = SameConv3d(in_channels, widths[1])
        self.conv1 = SameConv3d(widths[1], widths[2], 3)
        self.reduce2 = SameConv3d(in_channels, widths[3])
        self.conv2 = SameConv3d(widths[3], widths[4], 3)
        self.pool = SameMaxPool3d((3, 3, 3), (1, 1, 1))
        self.behind_pool = SameConv3d(in_channels, widths[5])

    def forward(self, x: Tensor) -> Tensor:
        """Concatenated features of the same length, height and width."""
        branches = (
            self.point(x),
            self.conv1(self.reduce1(x)),
            self.conv2(self.reduce2(x)),
            self.behind_pool(self.pool(x)),
        )
        return torch.cat(branches, dim=1)


class SameConv3d(nn.Module):
    """Convolution without bias, batch normalisation, ReLU, padded as "same".

    Args:
        in_channels (int): Input channels.
        out_channels (int): Output channels.
        kernel (int): Side of the kernel. Defaults to 1.
        stride (int): In all dimensions. Defaults to 1.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel: int = 1,
        stride: int = 1,
    ) -> None:
        super().__init__()
        self.conv = nn.Conv3d(in_channels, out_channels, kernel, stride, bias=False)
        # The values of the original network.
        self.bn = nn.BatchNorm3d(out_channels, eps=1e-3, momentum=0.01)

    def forward(self, x: Tensor) -> Tensor:
        """Features of size ceil(size / stride)."""
        x = _pad_same(x, self.conv.kernel_size, self.conv.stride)
        return torch.relu(self.bn(self.conv(x)))


class SameMaxPool3d(nn.MaxPool3d):
    """Max pooling with "same" padding; its input is not negative, so zeros suffice."""

    def forward(self, x: Tensor) -> Tensor:
        """Features of size ceil(size / stride)."""
        return super().forward(_pad_same(x, self.kernel_size, self.stride))


def _pad_same(x: Tensor, kernel: Sequence[int], stride: Sequence[int]) -> Tensor:
    padding = []
    # F.pad starts with the last dimension; an odd element is padded at the end.
    for size, k, s in reversed(list(zip(x.shape[2:], kernel, stride))):
        lacking = max((-(-size // s) - 1) * s + k - size, 0)
        padding += [lacking // 2, lacking - lacking // 2]
    return F.pad(x, padding) if any(padding) else x
