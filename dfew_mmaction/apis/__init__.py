"""What scripts and notebooks call."""

from .mmaction_tools import run_test, run_train

__all__ = ['run_test', 'run_train']
