"""Functions that several subpackages use."""

from .checks import check_fractions, check_labels, check_scores
from .classes import (
    CLASSES,
    MAFW_CLASSES,
    class_names,
    class_numbers,
    class_word,
    renamed,
)
from .command import exit_status
from .errors import DecodeError
from .files import (
    PART,
    atomic_folder,
    atomic_write,
    json_text,
    remove,
    write_json,
)
from .frames import list_frames
from .installed import check_installed
from .options import (
    add_model,
    add_votes,
    add_workers,
    margin,
    named_option,
    non_negative_number,
    positive_number,
    share,
    tool_parser,
    whole_number,
)
from .processes import (
    cpu_count,
    end_with_parent,
    run_parallel,
    start_worker,
    worker_context,
)
from .progress import ProgressBar, track
from .real_paths import real_paths
from .registered import is_registered, register_alias
from .tables import read_columns, read_rows, read_text, write_rows

__all__ = [
    'CLASSES',
    'DecodeError',
    'MAFW_CLASSES',
    'PART',
    'ProgressBar',
    'add_model',
    'add_votes',
    'add_workers',
    'atomic_folder',
    'atomic_write',
    'check_fractions',
    'check_installed',
    'check_labels',
    'check_scores',
    'class_names',
    'class_numbers',
    'class_word',
    'cpu_count',
    'end_with_parent',
    'exit_status',
    'is_registered',
    'json_text',
    'list_frames',
    'margin',
    'named_option',
    'non_negative_number',
    'positive_number',
    'read_columns',
    'read_rows',
    'read_text',
    'real_paths',
    'register_alias',
    'remove',
    'renamed',
    'run_parallel',
    'share',
    'start_worker',
    'tool_parser',
    'track',
    'worker_context',
    'whole_number',
    'write_json',
    'write_rows',
]
