"""Testing the network that was trained, and not half of it."""

from typing import Any

from mmaction.registry import HOOKS
from mmengine.hooks import Hook
from mmengine.model import is_model_wrapper
from torch import nn


@HOOKS.register_module()
class StrictCheckpointHook(Hook):
    """Refuse to test with a checkpoint that does not fill the network.

    MMEngine loads what fits, says the rest in the log and goes on: the checkpoint of
    another network is scored with weights that are random. Training may start from a
    part of a checkpoint (``load_from``); testing may not.
    """

    priority = 'NORMAL'

    def after_load_checkpoint(self, runner: Any, checkpoint: dict) -> None:
        """Compare the weights in the checkpoint with those of the network."""
        model = runner.model.module if is_model_wrapper(runner.model) else runner.model
        self._lacking = lacking_weights(model, checkpoint.get('state_dict', checkpoint))
        self._total = len(model.state_dict())

    def after_train(self, runner: Any) -> None:
        """Forget it: every weight has been trained since."""
        self._lacking = []

    def before_test(self, runner: Any) -> None:
        """Stop where something was lacking."""
        lacking = getattr(self, '_lacking', [])
        if lacking:
            raise ValueError(lacking_message(lacking, self._total))


def lacking_weights(model: nn.Module, state_dict: dict[str, Any]) -> list[str]:
    """What a checkpoint lacks to fill a network.

    Args:
        model (nn.Module): The network.
        state_dict (dict): The weights; names may begin with ``module.``.

    Returns:
        list[str]: Name and shape of each weight that is not there, or of another shape.
    """
    given = {
        name.removeprefix('module.'): getattr(value, 'shape', None)
        for name, value in state_dict.items()
    }
    return [
        f'{name} {tuple(value.shape)}'
        + (f', there {tuple(given[name])}' if given.get(name) is not None else '')
        for name, value in model.state_dict().items()
        # Checkpoints from before torch 0.4.1 do not count batches.
        if given.get(name) != value.shape
        and not name.endswith('num_batches_tracked')
        # Centres and the like, which scores do not depend on.
        and not name.startswith('cls_head.feature_losses.')
    ]


def lacking_message(lacking: list[str], total: int) -> str:
    """The sentence about it."""
    first = ''.join(f'\n  {entry}' for entry in lacking[:10])
    return (
        f'The checkpoint does not fill the network: {len(lacking)} of {total} weights '
        f'are not in it or of another shape:{first}\n'
        'Is it the checkpoint of another config? Test each with its own.'
    )
