"""Hooks for MMEngine's runner."""

from .hooks import (
    DataReportHook,
    EpochSeedHook,
    PlateauSchedulerHook,
    WholeCheckpointHook,
)

__all__ = [
    'DataReportHook',
    'EpochSeedHook',
    'PlateauSchedulerHook',
    'WholeCheckpointHook',
]
