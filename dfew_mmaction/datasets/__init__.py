"""Data sets, samplers and transforms, registered in MMAction2's registries."""

from .dfew import DFEWDataset
from .layout import DFEWLayout, list_frames
from .samplers import ClassBalancedBatchSampler
from .split_csv import read_split_csv
from .transforms import (
    DecodeFaceFrames,
    InterpolateFrames,
    OpenFaceVideo,
    SampleFaceFrames,
)

__all__ = [
    'ClassBalancedBatchSampler',
    'DFEWDataset',
    'DFEWLayout',
    'DecodeFaceFrames',
    'InterpolateFrames',
    'OpenFaceVideo',
    'SampleFaceFrames',
    'list_frames',
    'read_split_csv',
]
