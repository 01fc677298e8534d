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
    save_figure,
    write_json,
    write_text,
)
from .frames import list_frames
from .installed import check_installed
from .options import (
    add_detector,
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
