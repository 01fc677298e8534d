"""A metric for MMEngine's evaluator that writes predictions to a file."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from mmaction.registry import METRICS
from mmengine.evaluator import BaseMetric
from mmengine.logging import print_log

from ...utils import check_scores
from ..functional import write_predictions


@METRICS.register_module()
class DumpPredictions(BaseMetric):
    """Write ``video_id``, label and scores of each clip to a CSV.

    MMEngine's ``DumpResults`` pickles all outputs of the model; this file is plain
    text, small, and safe to read from others.

    Args:
        out_file (str): The CSV, see ``evaluation/functional/predictions.py``.
        collect_device (str): See MMEngine. Defaults to ``'cpu'``.
        collect_dir (str, optional): See MMEngine. Defaults to None.
    """

    default_prefix = 'predictions'

    def __init__(
        self,
        out_file: str,
        collect_device: str = 'cpu',
        collect_dir: str | None = None,
    ) -> None:
        super().__init__(collect_device, collect_dir=collect_dir)
        if not str(out_file).endswith('.csv'):
            raise ValueError(f'the predictions file must end in .csv, got {out_file!r}')
        self.out_file = out_file

    def process(self, data_batch: Any, data_samples: Sequence[dict]) -> None:
        """Store name, label and scores of each sample."""
        for sample in data_samples:
            score = sample['pred_score'].float().cpu().numpy()
            if score.ndim != 1:
                raise ValueError(
                    f'the head gave scores of shape {score.shape} for a video: set '
                    "`average_clips='prob'` in the head to average its clips"
                )
            if 'video_id' not in sample:
                raise KeyError(
                    'the samples have no `video_id` to write: read them by '
                    'DFEWDataset; if the config sets `meta_keys` of PackActionInputs, '
                    "add 'video_id' to them"
                )
            check_scores(score[None], [sample['video_id']])
            self.results.append((sample['video_id'], sample['gt_label'].item(), score))

    def compute_metrics(self, results: list) -> dict:
        """Write the file; returns no score."""
        video_ids, labels, scores = zip(*results)
        classes = (self.dataset_meta or {}).get('classes')
        classes = classes or [str(i) for i in range(len(scores[0]))]
        write_predictions(self.out_file, video_ids, labels, np.stack(scores), classes)
        print_log(
            f'The predictions of {len(labels)} clips are in {self.out_file}',
            logger='current',
        )
        return {}
