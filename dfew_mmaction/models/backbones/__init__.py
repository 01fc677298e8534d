"""Backbones that MMAction2 lacks."""

from .slim_c3d import SlimC3D

__all__ = ['SlimC3D']
