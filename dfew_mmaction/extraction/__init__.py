"""From videos to a tree of aligned clips, shaped like DFEW's."""

from .extract import ExtractionSettings
from .manifest import read_manifest
from .run import extract_faces

__all__ = ['ExtractionSettings', 'extract_faces', 'read_manifest']
