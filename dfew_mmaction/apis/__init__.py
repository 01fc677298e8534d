"""What scripts and notebooks call. Without torch, the inferencer alone."""

from ..utils.torch_there import torch_is_there
from .inference import ExpressionInferencer

__all__ = ['ExpressionInferencer']

if torch_is_there():
    from .class_activation import class_activation
    from .config_table import config_table, describe_config, step_config
    from .cross_set import cross_set_config, run_cross_set
    from .head_table import head_table
    from .loss_figure import toy_descents
    from .loss_gradients import loss_gradients
    from .mmaction_tools import run_test, run_train
    from .publish import publish
    from .report import make_report, write_report
    from .sweep import read_sweep
    from .transfer import transfer_report
    from .weights import convert_weight_file

    __all__ += [
        'class_activation',
        'config_table',
        'convert_weight_file',
        'cross_set_config',
        'describe_config',
        'head_table',
        'loss_gradients',
        'make_report',
        'publish',
        'read_sweep',
        'run_cross_set',
        'run_test',
        'run_train',
        'step_config',
        'toy_descents',
        'transfer_report',
        'write_report',
    ]
