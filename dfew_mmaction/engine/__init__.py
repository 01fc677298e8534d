"""Hooks and an optimizer wrapper for MMEngine's runner."""

from .bfloat16_optim_wrapper import BFloat16OptimWrapper
from .concise_runner import ConciseRunner
from .hooks import (
    ChannelsLastHook,
    ClassNamesHook,
    DataConsistencyHook,
    DumpEmbeddingsHook,
    EpochSeedHook,
    FeatureLossGuardHook,
    KeepMemoryHook,
    PlateauSchedulerHook,
    StrictCheckpointHook,
)

__all__ = [
    'BFloat16OptimWrapper',
    'ChannelsLastHook',
    'ClassNamesHook',
    'ConciseRunner',
    'DataConsistencyHook',
    'DumpEmbeddingsHook',
    'EpochSeedHook',
    'FeatureLossGuardHook',
    'KeepMemoryHook',
    'PlateauSchedulerHook',
    'StrictCheckpointHook',
]
