"""Transforms between a listed clip and MMAction2's own."""

from .decode_face_frames import DecodeFaceFrames
from .interpolate_frames import InterpolateFrames
from .open_face_video import OpenFaceVideo
from .sample_face_frames import SampleFaceFrames

__all__ = [
    'DecodeFaceFrames',
    'InterpolateFrames',
    'OpenFaceVideo',
    'SampleFaceFrames',
]
