"""What scripts and notebooks call."""

from .config_table import config_table, describe_config, step_config
from .mmaction_tools import run_test, run_train
from .weights import convert_weight_file

__all__ = [
    'config_table',
    'convert_weight_file',
    'describe_config',
    'run_test',
    'run_train',
    'step_config',
]
