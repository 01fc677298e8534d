"""Errors that callers may want to catch by name."""


class DecodeError(RuntimeError):
    """A picture or video on disk cannot be decoded; the message names the file."""
