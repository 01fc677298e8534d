"""Helpers that more than one part uses."""

from .checks import check_fractions, check_labels, check_scores
from .classes import (
    CLASSES,
    MAFW_CLASSES,
    class_names,
    class_numbers,
    class_word,
    renamed,
)
from .command import exit_status, named_option
from .errors import DecodeError
from .files import atomic_write, json_text, write_json
from .frames import list_frames
from .processes import end_with_parent, start_worker, worker_context
from .registered import is_registered, register_alias
from .tables import read_rows, read_text, write_rows
from .video import check_video_file

__all__ = [
    'CLASSES',
    'MAFW_CLASSES',
    'DecodeError',
    'check_fractions',
    'check_labels',
    'check_scores',
    'check_video_file',
    'class_names',
    'class_numbers',
    'class_word',
    'end_with_parent',
    'exit_status',
    'is_registered',
    'json_text',
    'list_frames',
    'named_option',
    'read_rows',
    'read_text',
    'register_alias',
    'renamed',
    'start_worker',
    'worker_context',
    'atomic_write',
    'write_json',
    'write_rows',
]
