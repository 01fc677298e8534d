"""Data preprocessors."""

from .non_blocking import NonBlockingDataPreprocessor

__all__ = ['NonBlockingDataPreprocessor']
