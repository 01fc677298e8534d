"""Helpers that more than one part uses."""

from .errors import DecodeError
from .files import write_beside

__all__ = ['DecodeError', 'write_beside']
