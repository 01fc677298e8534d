"""Scores: plain functions in ``functional``, registered metrics in ``metrics``."""

from ..utils.torch_available import is_torch_available
from .functional import confusion_matrix, uar_war

__all__ = ['confusion_matrix', 'uar_war']

if is_torch_available():
    from .metrics import DumpPredictions, UARWARMetric

    __all__ += ['DumpPredictions', 'UARWARMetric']
