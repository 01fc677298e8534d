"""Data sets, samplers and transforms, registered in MMAction2's registries."""

from .base import BaseExpressionDataset
from .check import check_dfew
from .dfew import DFEWDataset
from .layout import DFEWLayout, list_frames
from .pack import Pack
from .pack_writer import pack_dfew
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
    'Pack',
    'SampleFaceFrames',
    'check_dfew',
    'list_frames',
    'pack_dfew',
    'read_split_csv',
]
