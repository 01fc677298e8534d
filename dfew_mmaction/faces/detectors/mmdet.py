"""Any detector of MMDetection as a face detector."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .base import DETECTORS, Face, FaceDetector, check_frames, check_thresholds

_NEEDS = (
    'MMDetFaces needs mmdet and the full mmcv (mmcv-lite lacks its operators): '
    '`make env-mmdet` sets up an environment with both. Without them: mtcnn, yunet.'
)


@DETECTORS.register_module('mmdet')
class MMDetFaces(FaceDetector):
    """Detects faces by a model of MMDetection; boxes only.

    The model makes ``mmdet`` the default scope of MMEngine's registries, as every
    inference by mmdet does: do not build a recogniser in the same process by names
    without a scope.

    Args:
        config (str | Path): Config of the model. A config file is Python code: use
            your own or one that you have read.
        checkpoint (str | Path): Weights of the model, trained to find faces. Loaded
            as tensors and plain values only.
        device (str): Where it runs. Defaults to 'cpu'.
        score_threshold (float): Least score, in [0, 1]. Defaults to 0.5.
        label (int): Index of the class for faces. Defaults to 0.

    Raises:
        ImportError: If mmdet or the full mmcv is not installed.
        FileNotFoundError: If the config or the checkpoint is missing.
        ValueError: If the checkpoint lacks weights of this model, or the threshold is
            out of range.
    """

    def __init__(
        self,
        config: str | Path,
        checkpoint: str | Path,
        device: str = 'cpu',
        *,
        score_threshold: float = 0.5,
        label: int = 0,
    ) -> None:
        check_thresholds(score_threshold)
        for what, path in (('config', config), ('checkpoint', checkpoint)):
            if not Path(path).is_file():
                raise FileNotFoundError(
                    f'the {what} of MMDetection, {path}, is missing'
                )
        try:
            from mmdet.apis import inference_detector, init_detector
        except ImportError as error:
            raise ImportError(f'{_NEEDS} ({error})') from error
        # Without a palette, mmdet builds the test set to read one.
        self._model = init_detector(
            str(config), str(checkpoint), palette='random', device=device
        )
        _check_weights(self._model, checkpoint, config)
        self._infer = inference_detector
        self.score_threshold = score_threshold
        self.label = label

    def detect(self, frames: Sequence[np.ndarray]) -> list[list[Face]]:
        check_frames(frames)
        if not len(frames):
            return []
        samples = self._infer(self._model, list(frames))
        return [self._faces(sample.pred_instances) for sample in samples]

    def _faces(self, found: Any) -> list[Face]:
        """Turn ``pred_instances`` of one image into faces."""
        boxes, scores, labels = (
            found[key].detach().cpu().numpy() for key in ('bboxes', 'scores', 'labels')
        )
        order = np.argsort(-scores, kind='stable')
        passing = (labels == self.label) & (scores >= self.score_threshold)
        return [
            Face(boxes[i].astype(np.float32), float(scores[i]))
            for i in order[passing[order]]
        ]


def _check_weights(model: Any, checkpoint: str | Path, config: str | Path) -> None:
    """Refuse a checkpoint of another model; mmengine only warns."""
    from mmengine.runner import CheckpointLoader

    from ...weights.check import check_fills

    loaded = CheckpointLoader.load_checkpoint(str(checkpoint), map_location='cpu')
    source = f'{checkpoint}, for the config {config},'
    check_fills(model, loaded.get('state_dict', loaded), source)
