"""Errors of this package."""


class DecodeError(RuntimeError):
    """An image or video cannot be decoded; the message names the file."""


class TooManyPixelsError(DecodeError):
    """A frame of an image or video would take hundreds of megabytes."""
