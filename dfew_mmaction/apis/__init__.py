"""What scripts and notebooks call. Without torch, the inferencer alone."""

from ..utils.torch_there import torch_is_there
from .inference import ExpressionInferencer

__all__ = ['ExpressionInferencer']

if torch_is_there():
    from .class_activation import class_activation
    from .config_table import config_table, describe_config, step_config
    from .loss_gradients import loss_gradients
    from .mmaction_tools import run_test, run_train
    from .publish import publish
    from .report import make_report, write_report
    from .sweep import read_sweep
    from .weights import convert_weight_file

    __all__ += [
        'class_activation',
        'config_table',
        'convert_weight_file',
        'describe_config',
        'loss_gradients',
        'make_report',
        'publish',
        'read_sweep',
        'run_test',
        'run_train',
        'step_config',
        'write_report',
    ]
