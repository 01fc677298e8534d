"""Hooks and an optimizer wrapper for MMEngine's runner."""

from . import hooks
from .bfloat16_optim_wrapper import BFloat16OptimWrapper
from .concise_runner import ConciseRunner
from .hooks import *  # noqa: F403

__all__ = ['BFloat16OptimWrapper', 'ConciseRunner', *hooks.__all__]
