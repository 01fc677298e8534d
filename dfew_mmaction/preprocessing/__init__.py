"""From videos to clips that a network can read."""

from .alignment import align_face
from .extract import Extraction
from .interpolation import interpolate_frames, interpolation_matrix
from .manifest import read_manifest
from .run import extract_faces
from .sampling import bring_to_length, choose_frames
from .tracking import main_face

__all__ = [
    'Extraction',
    'align_face',
    'bring_to_length',
    'choose_frames',
    'extract_faces',
    'interpolate_frames',
    'interpolation_matrix',
    'main_face',
    'read_manifest',
]
