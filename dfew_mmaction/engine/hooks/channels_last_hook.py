"""Memory layout of the convolutions."""

from collections.abc import Iterator
from typing import Any

import torch
from mmaction.registry import HOOKS
from mmengine.hooks import Hook
from mmengine.model import is_model_wrapper
from mmengine.utils import apply_to
from torch import Tensor, nn

# By the number of dimensions, of weights and of what flows through them.
FORMATS = {4: torch.channels_last, 5: torch.channels_last_3d}


@HOOKS.register_module()
class ChannelsLastHook(Hook):
    """Keep the channels of each pixel side by side in memory.

    The network and its results are the same up to rounding; how quickly convolutions,
    normalisations and poolings run depends on the layout. In a config, or by
    ``--cfg-options default_hooks.channels_last.type=ChannelsLastHook``::

        default_hooks = dict(channels_last=dict(type='ChannelsLastHook'))

    Weights of 3-D convolutions become ``channels_last_3d``, those of 2-D ones
    ``channels_last``, and so does what the backbone takes in; the layers hand it on. An
    optimiser's buffers follow their weights, since fused optimisers walk both as they
    lie in memory. Checkpoints hold the usual layout, so that a run can be resumed with
    this hook or without.
    """

    priority = 'VERY_LOW'

    def __init__(self) -> None:
        self._handle: Any | None = None

    def before_train(self, runner: Any) -> None:
        """Arrange weights, and what a resumed optimiser remembers of them."""
        self._arrange(runner)
        for optimizer in _optimizers(runner.optim_wrapper):
            for weight, state in optimizer.state.items():
                for name, value in state.items():
                    if getattr(value, 'shape', None) == weight.shape:
                        state[name] = _channels_last(value)

    def before_val(self, runner: Any) -> None:
        """Arrange the weights, where nothing is trained."""
        self._arrange(runner)

    def before_test(self, runner: Any) -> None:
        """Arrange the weights, where nothing is trained."""
        self._arrange(runner)

    def before_save_checkpoint(self, runner: Any, checkpoint: dict) -> None:
        """Keep the layout out of the checkpoint."""
        weights = checkpoint['state_dict']
        for name, value in weights.items():
            weights[name] = value.contiguous()
        if 'optimizer' in checkpoint:
            # A copy: what is in there belongs to the optimiser.
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
    """The optimisers of an ``OptimWrapper`` or ``OptimWrapperDict``."""
    if isinstance(wrapper, dict) or hasattr(wrapper, 'optim_wrappers'):
        for one in wrapper.values():
            yield one.optimizer
    else:
        yield wrapper.optimizer
