"""Reading videos: the only part of the package that decodes them.

:func:`open_video` opens any source as a :class:`Video`; :func:`find_videos` and
:func:`find_sources` tell which files and folders are videos; :func:`open_reader` gives
single frames of a file by their number.
"""

from ..utils import DecodeError
from .container import FPS, Container, inspect_container
from .decoders import DECODERS
from .file_checks import check_video_file
from .find_videos import (
    VIDEO_SUFFIXES,
    clip_lengths,
    find_sources,
    find_videos,
    is_frame_folder,
)
from .open_video import Camera, Source, Video, open_video
from .reader import open_reader
from .shots import find_cuts, mark_cuts

__all__ = [
    'DECODERS',
    'FPS',
    'VIDEO_SUFFIXES',
    'Camera',
    'Container',
    'DecodeError',
    'Source',
    'Video',
    'check_video_file',
    'clip_lengths',
    'find_cuts',
    'find_sources',
    'find_videos',
    'inspect_container',
    'is_frame_folder',
    'mark_cuts',
    'open_reader',
    'open_video',
]
