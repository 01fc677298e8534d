"""Helpers that more than one part uses."""

from .classes import CLASSES
from .errors import DecodeError
from .files import write_beside

__all__ = ['CLASSES', 'DecodeError', 'write_beside']
