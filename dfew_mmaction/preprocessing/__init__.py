"""From videos to clips that a network can read. Needs no torch."""

from .interpolation import interpolate_frames, interpolation_matrix

__all__ = ['interpolate_frames', 'interpolation_matrix']
