"""Metrics registered in MMAction2's ``METRICS``."""

from .dump_predictions import DumpPredictions
from .uar_war_metric import UARWARMetric

__all__ = ['DumpPredictions', 'UARWARMetric']
