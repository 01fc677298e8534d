"""MMEngine's runner with a short terminal output."""

import logging
import platform
from typing import Any

import torch
from mmengine.hooks import Hook
from mmengine.logging import MMLogger
from mmengine.optim import OptimWrapper
from mmengine.registry import OPTIMIZERS, RUNNERS
from mmengine.runner import Runner
from torch.optim import Optimizer

#: Beginnings of the records that are written to the log file only.
FOR_THE_FILE = (
    f'\n{"-" * 60}\nSystem environment',
    'Config:\n',
    'Distributed training is not used, all SyncBatchNorm',
    'Hooks will be executed in the following order',
    'Exp name: ',
    '"FileClient" will be deprecated',
    '"HardDiskBackend" is the alias',
)
#: The default hooks of MMEngine, which it registers unless they are None.
OF_MMENGINE = (
    'runtime_info', 'timer', 'sampler_seed', 'logger', 'param_scheduler', 'checkpoint',
)  # fmt: skip


@RUNNERS.register_module()
class ConciseRunner(Runner):
    """``Runner`` that writes config, system and hooks to the log file only.

    An optimizer that is not registered is an error that names it, and any default hook
    can be removed by None.
    ``runner_type = 'ConciseRunner'`` in a config selects it, also for ``mim train``.
    For arguments see MMEngine.
    """

    def build_logger(
        self, log_level: int | str = 'INFO', log_file: str | None = None, **kwargs: Any
    ) -> MMLogger:
        """Build MMEngine's logger with a filter on the terminal."""
        logger = super().build_logger(log_level, log_file, **kwargs)
        for handler in logger.handlers:
            if not isinstance(handler, logging.FileHandler):
                handler.addFilter(_is_for_the_terminal)
        return logger

    def register_default_hooks(
        self, hooks: dict[str, Hook | dict | None] | None = None
    ) -> None:
        """Register the default hooks; None removes any of them.

        MMEngine accepts None for its own six only.
        """
        kept = {
            name: hook
            for name, hook in (hooks or {}).items()
            if hook is not None or name in OF_MMENGINE
        }
        super().register_default_hooks(kept)

    def build_optim_wrapper(
        self, optim_wrapper: Optimizer | OptimWrapper | dict
    ) -> OptimWrapper:
        """Build MMEngine's optimizer; the error for an unknown type names it.

        Raises:
            KeyError: If the type of the optimizer is not in the registry.
        """
        if isinstance(optim_wrapper, dict):
            _check_registered(optim_wrapper.get('optimizer'))
        return super().build_optim_wrapper(optim_wrapper)

    def _log_env(self, env_cfg: dict) -> None:
        super()._log_env(env_cfg)
        device = torch.cuda.get_device_name() if torch.cuda.is_available() else 'CPU'
        self.logger.info(
            f'{device}, processes: {self.world_size}, seed {self.seed}, Python '
            f'{platform.python_version()}, torch {torch.__version__}; config, system '
            f"and hooks: '{self._log_dir}'"
        )


def _check_registered(optimizer: Any) -> None:
    kind = optimizer.get('type') if isinstance(optimizer, dict) else None
    if not isinstance(kind, str):
        return
    with OPTIMIZERS.switch_scope_and_registry(None) as registry:
        if registry.get(kind) is None:
            raise KeyError(f'{kind} is not in the {registry.name} registry')


def _is_for_the_terminal(record: logging.LogRecord) -> bool:
    return not record.getMessage().startswith(FOR_THE_FILE)
