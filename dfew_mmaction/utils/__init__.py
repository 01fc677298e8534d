"""Helpers that more than one part uses."""

from .classes import CLASSES
from .command import exit_status
from .errors import DecodeError
from .files import write_beside

__all__ = ['CLASSES', 'DecodeError', 'exit_status', 'write_beside']
