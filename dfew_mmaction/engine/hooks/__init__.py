"""Hooks registered in MMAction2's ``HOOKS``."""

from .class_names_hook import ClassNamesHook
from .data_report_hook import DataReportHook
from .dump_embeddings_hook import DumpEmbeddingsHook
from .epoch_seed_hook import EpochSeedHook
from .plateau_scheduler_hook import PlateauSchedulerHook
from .resumable_checkpoint_hook import ResumableCheckpointHook
from .whole_checkpoint_hook import WholeCheckpointHook

__all__ = [
    'ClassNamesHook',
    'DataReportHook',
    'DumpEmbeddingsHook',
    'EpochSeedHook',
    'PlateauSchedulerHook',
    'ResumableCheckpointHook',
    'WholeCheckpointHook',
]
