"""Asynchronous copies of clips to the GPU."""

from typing import Any

from mmaction.models.data_preprocessors import ActionDataPreprocessor
from mmaction.registry import MODELS


@MODELS.register_module()
class NonBlockingDataPreprocessor(ActionDataPreprocessor):
    """MMAction2's ``ActionDataPreprocessor`` with asynchronous copies to the GPU.

    Clips are copied in the background if the data loader has ``pin_memory=True``;
    otherwise nothing changes::

        model = dict(data_preprocessor=dict(type='NonBlockingDataPreprocessor'))
        train_dataloader = dict(pin_memory=True)

    Args:
        **kwargs: For ``ActionDataPreprocessor``.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._non_blocking = True
