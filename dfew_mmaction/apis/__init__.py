"""What scripts and notebooks call."""

from .mmaction_tools import run_test, run_train
from .weights import convert_weight_file

__all__ = ['convert_weight_file', 'run_test', 'run_train']
