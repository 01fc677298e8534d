"""Hooks for MMEngine's runner."""

from .hooks import (
    ClassNamesHook,
    DataReportHook,
    DumpEmbeddingsHook,
    EpochSeedHook,
    PlateauSchedulerHook,
    WholeCheckpointHook,
)

__all__ = [
    'ClassNamesHook',
    'DataReportHook',
    'DumpEmbeddingsHook',
    'EpochSeedHook',
    'PlateauSchedulerHook',
    'WholeCheckpointHook',
]
