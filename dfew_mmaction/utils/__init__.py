"""Helpers that more than one part uses."""

from .classes import CLASSES
from .command import exit_status, named_option
from .errors import DecodeError
from .files import write_beside
from .frames import list_frames
from .processes import worker_context
from .video import check_video_file

__all__ = [
    'CLASSES',
    'DecodeError',
    'check_video_file',
    'exit_status',
    'list_frames',
    'named_option',
    'worker_context',
    'write_beside',
]
