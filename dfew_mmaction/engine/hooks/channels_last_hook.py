"""Memory format of the convolutions."""

from collections.abc import Iterator
from typing import Any

import torch
from mmaction.registry import HOOKS
from mmengine.hooks import Hook
from mmengine.model import is_model_wrapper
from mmengine.utils import apply_to
from torch import Tensor, nn

# By the number of dimensions of a weight or an activation.
FORMATS = {4: torch.channels_last, 5: torch.channels_last_3d}


@HOOKS.register_module()
class ChannelsLastHook(Hook):
    """Store weights and inputs in the channels-last memory format.

    The results are the same up to rounding; the speed of convolutions, normalisations
    and poolings depends on the memory format. In a config, or by ``--cfg-options
    default_hooks.channels_last.type=ChannelsLastHook``::

        default_hooks = dict(channels_last=dict(type='ChannelsLastHook'))

    Weights of 3-D convolutions and the input of the backbone become
    ``channels_last_3d``, those of 2-D convolutions ``channels_last``; the layers keep
    the format of their input. The buffers of the optimizer get the format of their
    weights, because fused optimizers read both in memory order. Checkpoints hold the
    contiguous format, so that a run can be resumed with or without this hook.
    """

    priority = 'VERY_LOW'

    def __init__(self) -> None:
        self._handle: Any | None = None

    def before_train(self, runner: Any) -> None:
        """Convert weights and the buffers of a resumed optimizer."""
        self._arrange(runner)
        for optimizer in _optimizers(runner.optim_wrapper):
            for weight, state in optimizer.state.items():
                for name, value in state.items():
                    if getattr(value, 'shape', None) == weight.shape:
                        state[name] = _channels_last(value)

    def before_val(self, runner: Any) -> None:
        """Convert the weights if nothing is trained."""
        self._arrange(runner)

    def before_test(self, runner: Any) -> None:
        """Convert the weights if nothing is trained."""
        self._arrange(runner)

    def before_save_checkpoint(self, runner: Any, checkpoint: dict) -> None:
        """Store contiguous tensors in the checkpoint."""
        weights = checkpoint['state_dict']
        for name, value in weights.items():
            weights[name] = value.contiguous()
        if 'optimizer' in checkpoint:
            # A copy, because the optimizer uses these tensors.
            checkpoint['optimizer'] = apply_to(
                checkpoint['optimizer'], torch.is_tensor, torch.Tensor.contiguous
            )

    def _arrange(self, runner: Any) -> None:
        model = runner.model.module if is_model_wrapper(runner.model) else runner.model
        for weight in model.parameters():
            weight.data = _channels_last(weight.data)
        if self._handle is None:
            first = getattr(model, 'backbone', model)
            self._handle = first.register_forward_pre_hook(_arrange_inputs)


def _channels_last(value: Tensor) -> Tensor:
    layout = FORMATS.get(value.dim())
    return value if layout is None else value.contiguous(memory_format=layout)


def _arrange_inputs(module: nn.Module, inputs: tuple) -> tuple:
    return tuple(_channels_last(x) if torch.is_tensor(x) else x for x in inputs)


def _optimizers(wrapper: Any) -> Iterator[torch.optim.Optimizer]:
    """The optimizers of an ``OptimWrapper`` or ``OptimWrapperDict``."""
    if isinstance(wrapper, dict) or hasattr(wrapper, 'optim_wrappers'):
        for one in wrapper.values():
            yield one.optimizer
    else:
        yield wrapper.optimizer
