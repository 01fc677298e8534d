"""DFEW: data set, layout and lists of the release, checks, packs."""
