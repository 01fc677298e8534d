"""Hooks for MMEngine's runner."""

from .hooks import DataReportHook, EpochSeedHook, PlateauSchedulerHook

__all__ = ['DataReportHook', 'EpochSeedHook', 'PlateauSchedulerHook']
