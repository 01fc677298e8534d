"""Hooks for MMEngine's runner."""

from .hooks import (
    DataReportHook,
    DumpEmbeddingsHook,
    EpochSeedHook,
    PlateauSchedulerHook,
    WholeCheckpointHook,
)

__all__ = [
    'DataReportHook',
    'DumpEmbeddingsHook',
    'EpochSeedHook',
    'PlateauSchedulerHook',
    'WholeCheckpointHook',
]
