"""Parts for MMEngine's runner."""

from .bfloat16_optim_wrapper import BFloat16OptimWrapper
from .hooks import (
    ChannelsLastHook,
    ClassNamesHook,
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
    'ClassNamesHook',
    'DataReportHook',
    'DumpEmbeddingsHook',
    'EpochSeedHook',
    'KeepMemoryHook',
    'PlateauSchedulerHook',
    'WholeCheckpointHook',
]
