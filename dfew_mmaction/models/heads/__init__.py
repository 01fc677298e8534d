"""Classification heads whose embedding can carry feature losses."""

from .c3d_head import C3DHead
from .p3d_head import P3DHead

__all__ = ['C3DHead', 'P3DHead']
