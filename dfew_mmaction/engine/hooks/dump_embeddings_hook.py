"""Writes the embeddings of the test part to a file."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from mmaction.registry import HOOKS
from mmengine.dist import collect_results, is_main_process
from mmengine.hooks import Hook
from mmengine.model import is_model_wrapper

from ...evaluation.functional import write_embeddings
from ...models.heads import EmbeddingRecorder


@HOOKS.register_module()
class DumpEmbeddingsHook(Hook):
    """Write the input of the classifier for each ``video_id`` during a test.

    See :class:`EmbeddingRecorder`; the embeddings of several clips of a video are
    averaged.
    ``tools/test.py --embeddings FILE.npz`` adds this hook.

    Args:
        out_file (str): The file, see ``evaluation/functional/embeddings.py``.

    Raises:
        ValueError: If the name does not end in .npz, or the head has not one
            linear classifier.
    """

    def __init__(self, out_file: str) -> None:
        if not str(out_file).endswith('.npz'):
            raise ValueError(f'the embeddings file must end in .npz, got {out_file!r}')
        self.out_file = out_file

    def before_test_epoch(self, runner: Any) -> None:
        """Start to record the input of the classifier."""
        model = runner.model.module if is_model_wrapper(runner.model) else runner.model
        name = getattr(model.cls_head, 'classifier_name', None)
        self._watched = EmbeddingRecorder(model.cls_head, name).__enter__()
        self._rows: list[tuple] = []

    def after_test_iter(
        self,
        runner: Any,
        batch_idx: int,
        data_batch: Any = None,
        outputs: Sequence | None = None,
    ) -> None:
        """Store the embeddings of a mini-batch."""
        outputs = outputs or ()
        taken = self._watched.embedding().detach().float()
        taken = taken.reshape(len(outputs), -1, taken.shape[-1]).mean(dim=1).cpu()
        for sample, row in zip(outputs, taken):
            label = torch.as_tensor(sample.gt_label).item()
            self._rows.append((sample.video_id, label, row.numpy()))

    def after_test_epoch(self, runner: Any, metrics: dict | None = None) -> None:
        """Write one file with the embeddings of all processes."""
        self._watched.__exit__()
        dataset = runner.test_dataloader.dataset
        rows = collect_results(self._rows, len(dataset), 'cpu')
        if is_main_process():
            video_ids, labels, embeddings = zip(*rows)
            classes = dataset.metainfo['classes']
            write_embeddings(
                self.out_file, video_ids, labels, np.stack(embeddings), classes
            )
            runner.logger.info(f'The embeddings are in {self.out_file}')
