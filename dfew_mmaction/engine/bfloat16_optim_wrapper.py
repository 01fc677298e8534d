"""Mixed precision in bfloat16, on any device."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from mmaction.registry import OPTIM_WRAPPERS
from mmengine.optim import OptimWrapper
from torch import nn
from torch.overrides import TorchFunctionMode


@OPTIM_WRAPPERS.register_module()
class BFloat16OptimWrapper(OptimWrapper):
    """Forward and backward under autocast to bfloat16.

    MMEngine's ``AmpOptimWrapper`` requires a GPU even for bfloat16, which CPUs support.
    bfloat16 has the range of float32, so that the loss need not be scaled; weights,
    their gradients, statistics and losses stay in float32::

        optim_wrapper = dict(type='BFloat16OptimWrapper')

    On a CPU, 3-D convolutions whose input has fewer frames than their kernel run in
    float32: torch 2.13 reads uninitialised memory for the gradient of their weights.
    The last stage of C3D has two frames.

    The arguments are those of ``OptimWrapper``.
    """

    @contextmanager
    def optim_context(self, model: nn.Module) -> Iterator[None]:
        """The context of ``OptimWrapper`` with autocast.

        Args:
            model (nn.Module): The network in training.
        """
        # Not the device of MMEngine's autocast, which is a GPU if there is one.
        device = next(model.parameters()).device.type
        autocast = torch.autocast(device, dtype=torch.bfloat16)
        with super().optim_context(model), autocast:
            if device == 'cpu':
                with _ShortConvolutions():
                    yield
            else:
                yield


class _ShortConvolutions(TorchFunctionMode):
    """Runs convolutions over few frames in float32."""

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
