"""Transforms for clips of faces, used with those of MMAction2."""

from .augment_face_frames import AugmentFaceFrames
from .decode_face_frames import DecodeFaceFrames
from .interpolate_frames import InterpolateFrames
from .open_face_video import OpenFaceVideo
from .random_face_jitter import RandomFaceJitter
from .sample_face_frames import SampleFaceFrames

__all__ = [
    'AugmentFaceFrames',
    'DecodeFaceFrames',
    'InterpolateFrames',
    'OpenFaceVideo',
    'RandomFaceJitter',
    'SampleFaceFrames',
]
