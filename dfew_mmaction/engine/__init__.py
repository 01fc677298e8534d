"""Parts for MMEngine's runner."""

from .bfloat16_optim_wrapper import BFloat16OptimWrapper
from .hooks import (
    ChannelsLastHook,
    DataReportHook,
    DumpEmbeddingsHook,
    EpochSeedHook,
    KeepMemoryHook,
    PlateauSchedulerHook,
    WholeCheckpointHook,
)

__all__ = [
    'BFloat16OptimWrapper',
    'ChannelsLastHook',
    'DataReportHook',
    'DumpEmbeddingsHook',
    'EpochSeedHook',
    'KeepMemoryHook',
    'PlateauSchedulerHook',
    'WholeCheckpointHook',
]
