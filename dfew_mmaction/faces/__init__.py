"""Faces: detection, tracking, the main face of a clip, alignment."""

from .alignment import align_face
from .tracking import main_face

__all__ = ['align_face', 'main_face']
