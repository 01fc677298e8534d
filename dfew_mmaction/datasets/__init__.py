"""Data sets, samplers and transforms, registered in MMAction2's registries."""

from ..utils import list_frames
from .afew import AFEWDataset
from .base import BaseExpressionDataset
from .caer import CAERDataset
from .dfew.check import check_dfew
from .dfew.dataset import DFEWDataset
from .dfew.layout import DFEWLayout
from .dfew.pack import Pack
from .dfew.pack_writer import pack_dfew
from .dfew.split_csv import read_split_csv
from .expression import ExpressionDataset
from .ferv39k import FERV39kDataset
from .listed import ListedExpressionDataset
from .mafw import MAFWDataset
from .samplers import ClassBalancedBatchSampler
from .transforms import (
    DecodeFaceFrames,
    InterpolateFrames,
    OpenFaceVideo,
    SampleFaceFrames,
)

__all__ = [
    'AFEWDataset',
    'BaseExpressionDataset',
    'CAERDataset',
    'ClassBalancedBatchSampler',
    'DFEWDataset',
    'DFEWLayout',
    'DecodeFaceFrames',
    'ExpressionDataset',
    'FERV39kDataset',
    'InterpolateFrames',
    'ListedExpressionDataset',
    'MAFWDataset',
    'OpenFaceVideo',
    'Pack',
    'SampleFaceFrames',
    'check_dfew',
    'list_frames',
    'pack_dfew',
    'read_split_csv',
]
