"""Embeddings of the test part to a file."""

from typing import Any, List, Optional, Sequence

import torch
from mmaction.registry import HOOKS
from mmengine.dist import collect_results, is_main_process
from mmengine.hooks import Hook
from mmengine.model import is_model_wrapper
from torch import Tensor, nn

from ...evaluation.functional import write_embeddings


@HOOKS.register_module()
class DumpEmbeddingsHook(Hook):
    """Write what the classifier takes in, by ``video_id``, while testing.

    The classifier is the head's ``fc_cls``, else its last linear layer; several clips
    of a video are averaged. ``tools/test.py --embeddings FILE.npz`` adds this hook.

    Args:
        out_file (str): The file, see ``evaluation/functional/embeddings.py``.

    Raises:
        ValueError: If the name does not end in .npz, or the head has no linear layer.
    """

    def __init__(self, out_file: str) -> None:
        if not str(out_file).endswith('.npz'):
            raise ValueError(f'the embeddings file must end in .npz, got {out_file!r}')
        self.out_file = out_file
        self._taken: Optional[Tensor] = None

    def before_test_epoch(self, runner: Any) -> None:
        """Watch the classifier."""
        model = runner.model.module if is_model_wrapper(runner.model) else runner.model
        layers = [m for m in model.cls_head.children() if isinstance(m, nn.Linear)]
        classifier = getattr(model.cls_head, 'fc_cls', layers[-1] if layers else None)
        if classifier is None:
            raise ValueError(
                f'{type(model.cls_head).__name__} has no linear layer whose input '
                'could be taken as the embedding'
            )
        self._rows: List[tuple] = []
        self._handle = classifier.register_forward_pre_hook(self._take)

    def _take(self, module: nn.Module, inputs: tuple) -> None:
        self._taken = inputs[0].detach()

    def after_test_iter(
        self,
        runner: Any,
        batch_idx: int,
        data_batch: Any = None,
        outputs: Optional[Sequence] = None,
    ) -> None:
        """Keep the embeddings of a mini-batch."""
        taken = self._taken.float().flatten(1)
        taken = taken.reshape(len(outputs), -1, taken.shape[-1]).mean(dim=1).cpu()
        for sample, row in zip(outputs, taken):
            label = torch.as_tensor(sample.gt_label).item()
            self._rows.append((sample.video_id, label, row.numpy()))

    def after_test_epoch(self, runner: Any, metrics: Optional[dict] = None) -> None:
        """Write the file, of all processes together."""
        self._handle.remove()
        dataset = runner.test_dataloader.dataset
        rows = collect_results(self._rows, len(dataset), 'cpu')
        if is_main_process():
            video_ids, labels, embeddings = zip(*rows)
            classes = dataset.metainfo['classes']
            write_embeddings(self.out_file, video_ids, labels, embeddings, classes)
            runner.logger.info(f'The embeddings are in {self.out_file}')
