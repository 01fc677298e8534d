"""Samplers registered in MMAction2's ``DATA_SAMPLERS``."""

from .class_balanced_batch_sampler import ClassBalancedBatchSampler

__all__ = ['ClassBalancedBatchSampler']
