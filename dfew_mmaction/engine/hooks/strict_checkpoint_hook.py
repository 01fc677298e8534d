"""Refuses to test incomplete checkpoints."""

from typing import Any

from mmaction.registry import HOOKS
from mmengine.hooks import Hook
from mmengine.model import is_model_wrapper

from ...weights.check import check_fills


@HOOKS.register_module()
class StrictCheckpointHook(Hook):
    """Refuse to test with a checkpoint that does not fill the network.

    MMEngine loads the weights that fit, logs the others and continues, so that the
    checkpoint of another network would be scored with random weights. Training may
    start from part of a checkpoint (``load_from``); testing may not.

    Raises:
        ValueError: Before the test, see :func:`.check_fills`.
    """

    priority = 'NORMAL'

    def __init__(self) -> None:
        self._error: ValueError | None = None

    def after_load_checkpoint(self, runner: Any, checkpoint: dict) -> None:
        """Compare the weights in the checkpoint with those of the network."""
        model = runner.model.module if is_model_wrapper(runner.model) else runner.model
        weights = checkpoint.get('state_dict', checkpoint)
        self._error = None
        try:
            check_fills(model, weights, 'The checkpoint')
        except ValueError as error:
            self._error = error

    def after_train(self, runner: Any) -> None:
        """Forget the check: after training, all weights are trained."""
        self._error = None

    def before_test(self, runner: Any) -> None:
        """Stop if the checkpoint did not fill the network."""
        if self._error is not None:
            raise self._error
