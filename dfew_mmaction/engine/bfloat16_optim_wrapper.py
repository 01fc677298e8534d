"""Mixed precision in bfloat16, on any device."""

from contextlib import contextmanager
from typing import Iterator

import torch
from mmaction.registry import OPTIM_WRAPPERS
from mmengine.optim import OptimWrapper
from mmengine.runner.amp import autocast
from torch import nn


@OPTIM_WRAPPERS.register_module()
class BFloat16OptimWrapper(OptimWrapper):
    """Forward and backward under autocast to bfloat16.

    MMEngine's ``AmpOptimWrapper`` refuses to run without a GPU, also in bfloat16, which
    CPUs have instructions for. bfloat16 has the range of float32, so that no loss has
    to be scaled; weights, gradients, normalisation and losses stay in float32::

        optim_wrapper = dict(type='BFloat16OptimWrapper')

    Args:
        *args, **kwargs: For ``OptimWrapper``.
    """

    @contextmanager
    def optim_context(self, model: nn.Module) -> Iterator[None]:
        """As that of ``OptimWrapper``, with autocast.

        Args:
            model (nn.Module): The network that is trained.
        """
        with super().optim_context(model), autocast(dtype=torch.bfloat16):
            yield
