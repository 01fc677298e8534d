"""Model files: a network with its complete description in one file."""
