"""Hooks registered in MMAction2's ``HOOKS``."""

from mmaction.registry import HOOKS

from ...utils import register_alias
from .channels_last_hook import ChannelsLastHook
from .class_names_hook import ClassNamesHook
from .data_consistency_hook import DataConsistencyHook
from .dump_embeddings_hook import DumpEmbeddingsHook
from .epoch_seed_hook import EpochSeedHook
from .feature_loss_guard_hook import FeatureLossGuardHook
from .keep_memory_hook import KeepMemoryHook
from .plateau_scheduler_hook import PlateauSchedulerHook
from .resumable_checkpoint_hook import ResumableCheckpointHook
from .run_guard_hook import RunGuardHook
from .schedule_hook import ScheduleHook
from .strict_checkpoint_hook import StrictCheckpointHook

register_alias(HOOKS, 'DataReportHook', DataConsistencyHook)
register_alias(HOOKS, 'WholeCheckpointHook', StrictCheckpointHook)

__all__ = [
    'ChannelsLastHook',
    'ClassNamesHook',
    'DataConsistencyHook',
    'DumpEmbeddingsHook',
    'EpochSeedHook',
    'FeatureLossGuardHook',
    'KeepMemoryHook',
    'PlateauSchedulerHook',
    'ResumableCheckpointHook',
    'RunGuardHook',
    'ScheduleHook',
    'StrictCheckpointHook',
]
