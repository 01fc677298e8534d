"""Extraction of a tree of aligned clips, in DFEW's layout, from videos."""

from .extract import ExtractionSettings
from .manifest import read_manifest
from .run import extract_faces

__all__ = ['ExtractionSettings', 'extract_faces', 'read_manifest']
