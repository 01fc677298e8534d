"""3-D residual networks of Hara et al."""

import torch.nn.functional as F
from mmaction.models.backbones import ResNet3d
from mmaction.models.backbones.resnet3d import BasicBlock3d
from mmaction.registry import MODELS
from torch import Tensor, nn

_SHORTCUTS = ('A', 'B')


@MODELS.register_module()
class HaraResNet3d(ResNet3d):
    """3D ResNet (Hara et al., CVPR 2018), the paper's "3D Resnet18".

    ::

        (N, 3, T, H, W) ─► 7×7×7 /2 in space ─► max pool 3×3×3 /2 ─► stages of 64, 128,
            256, 512 channels, each /2 but the first ─► (N, C, T/16, H/32, W/32)

    MMAction2's ``ResNet3d`` with 3×3×3 kernels in all layers, and with three things
    that it does not support: a first pool of 3×3×3, depth 10, and shortcuts of kind A.

    Args:
        depth (int): 10, 18, 34 (basic blocks), 50, 101 or 152 (bottlenecks). Defaults
            to 18.
        shortcut (str): Shortcut where a stage changes the size: ``'B'``: a 1×1×1
            convolution; ``'A'``: every second value, and zeros for the new channels.
            Defaults to ``'B'``.
        **kwargs: For MMAction2's ``ResNet3d``, such as ``norm_cfg`` and ``with_cp``.
    """

    arch_settings = {10: (BasicBlock3d, (1, 1, 1, 1)), **ResNet3d.arch_settings}

    def __init__(self, depth: int = 18, shortcut: str = 'B', **kwargs: object) -> None:
        if depth not in self.arch_settings:
            raise ValueError(
                f'depth must be one of {sorted(self.arch_settings)}, got {depth}'
            )
        if shortcut not in _SHORTCUTS:
            raise ValueError(f'shortcut must be one of {_SHORTCUTS}, got {shortcut!r}')
        settings = dict(
            pretrained2d=False,
            conv1_kernel=(7, 7, 7),
            conv1_stride_t=1,
            with_pool2=False,
            temporal_strides=(1, 2, 2, 2),
            inflate=(1, 1, 1, 1),
            inflate_style='3x3x3',
            norm_eval=False,
            zero_init_residual=False,
        )
        super().__init__(depth=depth, **{**settings, **kwargs})
        self.maxpool = nn.MaxPool3d(3, stride=2, padding=1)
        if shortcut == 'A':
            for name in self.res_layers:
                block = self.get_submodule(name)[0]
                if block.downsample is not None:
                    conv = block.downsample.conv
                    block.downsample = ZeroPadShortcut(conv.out_channels, conv.stride)


class ZeroPadShortcut(nn.Module):
    """Subsampled input, with zeros for the new channels.

    Args:
        out_channels (int): Channels of the output.
        stride (tuple[int]): In time, height and width.
    """

    def __init__(self, out_channels: int, stride: tuple) -> None:
        super().__init__()
        self.out_channels, self.stride = out_channels, stride

    def forward(self, x: Tensor) -> Tensor:
        """Features (N, out_channels, T / stride, H / stride, W / stride)."""
        time, height, width = self.stride
        x = x[:, :, ::time, ::height, ::width]
        return F.pad(x, (0, 0) * 3 + (0, self.out_channels - x.shape[1]))
