"""Errors of this package."""


class DecodeError(RuntimeError):
    """An image or video cannot be decoded; the message names the file."""
