"""Backbones that MMAction2 lacks."""

from .cnn_lstm import CNNLSTM
from .hara_resnet3d import HaraResNet3d
from .inception_i3d import InceptionI3D
from .p3d import P3D
from .slim_c3d import SlimC3D

__all__ = ['CNNLSTM', 'HaraResNet3d', 'InceptionI3D', 'P3D', 'SlimC3D']
