"""The interface for scripts and notebooks; without torch, only the inferencer."""

from ..inference import ExpressionInferencer
from ..utils.torch_available import is_torch_available

__all__ = ['ExpressionInferencer']

if is_torch_available():
    from ..cross_validation.cross_set import cross_set_config, run_cross_set
    from ..engine.loss_gradients import loss_gradients
    from ..engine.mmaction_tools import run_test, run_train
    from ..inference.model_files.publish import publish
    from ..reports.class_activation import class_activation
    from ..reports.config_table import config_table, describe_config, step_config
    from ..reports.report import make_report, write_report
    from ..reports.sweep import read_sweep
    from ..reports.transfer import transfer_report
    from ..weights.convert_file import convert_weight_file

    __all__ += [
        'class_activation',
        'config_table',
        'convert_weight_file',
        'cross_set_config',
        'describe_config',
        'loss_gradients',
        'make_report',
        'publish',
        'read_sweep',
        'run_cross_set',
        'run_test',
        'run_train',
        'step_config',
        'transfer_report',
        'write_report',
    ]
else:

    def __getattr__(name: str) -> None:
        """Name what is missing, in place of "cannot import name"."""
        if name.startswith('_'):
            raise AttributeError(name)
        raise ModuleNotFoundError(f'{__name__}.{name} needs torch', name='torch')
