"""Refuses to test or to resume from incomplete checkpoints."""

from typing import Any

from mmaction.registry import HOOKS
from mmengine.hooks import Hook
from mmengine.model import is_model_wrapper

from ...weights.check import check_fills, check_fits_at_all

#: What MMEngine stores for resuming.
_STATE = ('epoch', 'iter', 'message_hub', 'optimizer')
_INSTEAD = (
    'To start a new training from its weights, set `load_from=CHECKPOINT` by '
    '`--cfg-options`, without `--resume`.'
)


@HOOKS.register_module()
class StrictCheckpointHook(Hook):
    """Refuse to test with, or resume from, a checkpoint that does not fill the network.

    MMEngine loads the weights that fit, logs the others and continues, so that the
    checkpoint of another network would be scored with random weights. Training may
    start from part of a checkpoint (``load_from``); testing and resuming may not.
    A checkpoint of which nothing fits is refused in training too.

    Raises:
        ValueError: Before the test or when a training is resumed, see
            :func:`.check_fills`.
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
            if runner._resume:
                raise ValueError(f'{error} {_INSTEAD}') from None
            check_fits_at_all(model, weights, 'The checkpoint')
            self._error = error
        if runner._resume:
            _check_has_state(checkpoint)

    def after_train(self, runner: Any) -> None:
        """Forget the check: after training, all weights are trained."""
        self._error = None

    def before_test(self, runner: Any) -> None:
        """Stop if the checkpoint did not fill the network."""
        if self._error is not None:
            raise self._error


def _check_has_state(checkpoint: dict) -> None:
    """Refuse to resume from weights alone, such as those of the best epoch."""
    meta = checkpoint.get('meta')
    known = {**checkpoint, **(meta if isinstance(meta, dict) else {})}
    missing = [key for key in _STATE if key not in known]
    if missing:
        raise ValueError(
            'The checkpoint cannot be resumed: it has weights, but no state of a '
            f'training ({", ".join(missing)} missing). Resume from the last '
            f'epoch_N.pth. {_INSTEAD}'
        )
