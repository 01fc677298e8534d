"""Arrays of frames (numpy only): interpolation, sampling, windows."""

from .interpolation import interpolate_frames, interpolation_matrix
from .sampling import bring_to_length, choose_frames

__all__ = [
    'bring_to_length',
    'choose_frames',
    'interpolate_frames',
    'interpolation_matrix',
]
