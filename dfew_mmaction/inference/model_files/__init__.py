"""Model files: a network with all that is needed to use it, in one file."""
