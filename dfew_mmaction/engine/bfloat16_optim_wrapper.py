"""Mixed precision in bfloat16, on any device."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from mmaction.registry import OPTIM_WRAPPERS
from mmengine.optim import OptimWrapper
from mmengine.runner.amp import autocast
from torch import nn
from torch.overrides import TorchFunctionMode


@OPTIM_WRAPPERS.register_module()
class BFloat16OptimWrapper(OptimWrapper):
    """Forward and backward under autocast to bfloat16.

    MMEngine's ``AmpOptimWrapper`` refuses to run without a GPU, also in bfloat16, which
    CPUs have instructions for. bfloat16 has the range of float32, so that no loss has
    to be scaled; weights, their gradients, statistics and losses stay in float32::

        optim_wrapper = dict(type='BFloat16OptimWrapper')

    On a CPU, 3-D convolutions of fewer frames than their kernel has stay in float32:
    torch 2.13 takes what happened to lie in memory into the gradient of their weights.
    Those of C3D's last stage see two frames.

    Arguments are those of ``OptimWrapper``.
    """

    @contextmanager
    def optim_context(self, model: nn.Module) -> Iterator[None]:
        """As that of ``OptimWrapper``, with autocast.

        Args:
            model (nn.Module): The network that is trained.
        """
        with super().optim_context(model), autocast(dtype=torch.bfloat16):
            if next(model.parameters()).device.type == 'cpu':
                with _ShortConvolutions():
                    yield
            else:
                yield


class _ShortConvolutions(TorchFunctionMode):
    """Has convolutions of few frames computed in float32."""

    def __torch_function__(
        self,
        func: Callable,
        types: Any,
        args: tuple = (),
        kwargs: dict | None = None,
    ) -> Any:
        kwargs = kwargs or {}
        if func is not torch.conv3d or args[0].shape[2] >= args[1].shape[2]:
            return func(*args, **kwargs)
        with torch.autocast('cpu', enabled=False):
            return func(args[0].float(), *args[1:], **kwargs)
