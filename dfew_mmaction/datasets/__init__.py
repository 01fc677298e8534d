"""Data sets, samplers and transforms, registered in MMAction2's registries."""

from .base import BaseExpressionDataset
from .check import check_dfew
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
    'BaseExpressionDataset',
    'ClassBalancedBatchSampler',
    'DFEWDataset',
    'DFEWLayout',
    'DecodeFaceFrames',
    'InterpolateFrames',
    'OpenFaceVideo',
    'SampleFaceFrames',
    'check_dfew',
    'list_frames',
    'read_split_csv',
]
