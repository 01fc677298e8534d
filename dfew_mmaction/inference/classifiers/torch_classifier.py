"""A clip classifier by PyTorch: the network and the pipeline of a config."""

from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
from mmaction.registry import DATASETS, MODELS, TRANSFORMS
from mmengine.config import Config, ConfigDict
from mmengine.infer import BaseInferencer
from mmengine.registry import init_default_scope
from torch import nn

from ...utils import check_scores, list_frames
from ...utils.config_file import load_config
from ...weights.check import check_fills
from ..model_files.bounded_build import build_to_fit
from ..model_files.facts import ModelFacts
from ..model_files.isolation import isolated
from ..model_files.model_file import ModelFile, read_model_file
from ..model_files.safe_network import TRAINING, network_of_facts
from .base import FACE_SIZE
from .pipelines import array_pipeline, dataset_of, sampling_of, source_of, test_pipeline

Clips = np.ndarray | Sequence[str | Path | np.ndarray]


class TorchClassifier(BaseInferencer):
    """Classifies clips by MMEngine's inferencer and MMAction2's ``test_step``.

    For the same frames in the same batches, the results are bit-identical to those of
    ``tools/test.py``. See :class:`.ClipClassifier` for the attributes.

    Args:
        config (str | Path | Config, optional): Config with network and test pipeline.
            Defaults to None: the checkpoint is a model file by ``tools/publish.py``.
        checkpoint (str | Path): Weights, as .pth or .safetensors.
        device (str, optional): Device of the network. Defaults to None: a GPU if there
            is one.

    Attributes:
        facts (ModelFacts): Description of the network.

    Raises:
        FileNotFoundError: If a file is missing.
        RuntimeError: If the checkpoint is truncated or contains foreign code.
        ValueError: If the checkpoint is of another network, has other classes, or has
            no description and there is no config.
    """

    def __init__(
        self,
        config: str | Path | Config | None = None,
        checkpoint: str | Path | None = None,
        device: str | None = None,
    ) -> None:
        if checkpoint is None:
            raise ValueError('a config needs a checkpoint: its network is untrained')
        init_default_scope('mmaction')
        self._file = read_model_file(checkpoint)
        self._described = config is None
        if config is None:
            cfg = network_of_facts(self._file)
        elif isinstance(config, (Config, ConfigDict)):
            cfg = config
        else:
            if not Path(config).is_file():
                raise FileNotFoundError(f"there is no config '{config}'")
            cfg = load_config(config, 'model', 'test_dataloader')
        with isolated(checkpoint) if self._described else nullcontext():
            super().__init__(
                cfg, str(checkpoint), device, scope='mmaction', show_progress=False
            )
        self.classes = _classes(self._file, self.cfg, _count(self.model))
        facts = self._file.facts
        trained_on = self._file.dataset.get('source') or ''
        self._source = source_of(self.cfg, str(trained_on))
        if config is None and facts is not None:
            self.num_frames, self.sampling = facts.num_frames, facts.sampling
            network = facts.network
        else:
            self.num_frames, self.sampling = sampling_of(self.cfg, self._source)
            network = self.cfg.model
        self.facts = self._facts(network)
        del self._file  # the weights are in the network

    def __call__(self, clips: Clips, batch_size: int | None = None) -> np.ndarray:
        """Classify clips, as arrays (see :class:`.ClipClassifier`) or from disk.

        Args:
            clips (np.ndarray | Sequence): Clips as an array, or paths of folders of
                aligned frames or videos of aligned faces. Clips in the layout of the
                config's test pipeline are read by it.
            batch_size (int, optional): Number of clips per batch. Defaults to all.

        Returns:
            np.ndarray: Probabilities, float32 of shape (n, classes).
        """
        if not len(clips):
            return np.zeros((0, len(self.classes)), np.float32)
        return super().__call__(list(clips), batch_size=batch_size or len(clips))

    def reads(self, path: str | Path) -> bool:
        """Whether the config's test pipeline can read this clip."""
        steps = [step['type'] for step in test_pipeline(self.cfg)]
        if not Path(path).is_dir():
            return self._source == 'video' and 'OpenFaceVideo' in steps
        fits = self.sampling != 'interpolate' or 'InterpolateFrames' in steps
        # The 16-frame clips of the release are already interpolated.
        ready = 16 if self._source == '16f' else self.num_frames
        fits = fits or len(list_frames(path)) == ready
        return fits and 'DecodeFaceFrames' in steps

    def _init_model(
        self, cfg: ConfigDict, weights: str, device: str = 'cpu'
    ) -> nn.Module:
        network = dict(cfg.model)
        head = dict(network.get('cls_head') or {})
        # One row of probabilities per video, whatever number of clips the pipeline
        # samples.
        network['cls_head'] = dict(head, average_clips='prob')
        for option in TRAINING:
            network['cls_head'].pop(option, None)
        if 'pretrained' in network:
            network['pretrained'] = None
        if self._described:
            model = build_to_fit(network, self._file.state_dict, weights)
        else:
            model = MODELS.build(network)
        _check_classes(self._file, _count(model), weights)
        check_fills(model, self._file.state_dict, f"the checkpoint '{weights}'")
        given = self._file.state_dict.items()
        own = {name.removeprefix('module.'): value for name, value in given}
        model.load_state_dict(own, strict=False)
        return model.to(device).eval()

    def _init_pipeline(self, cfg: ConfigDict) -> Any:
        on_disk = [TRANSFORMS.build(step) for step in test_pipeline(cfg)]
        given = array_pipeline(cfg)

        def run(clip: str | Path | np.ndarray) -> dict:
            if isinstance(clip, np.ndarray):
                return given(clip)
            results: dict[str, Any] = dict(start_index=0, modality='RGB')
            results.update(video_id=Path(clip).name)
            if Path(clip).is_dir():
                paths = [str(Path(clip, name)) for name in list_frames(clip)]
                results.update(frame_paths=paths, total_frames=len(paths))
            else:
                results.update(filename=str(clip))
            for step in on_disk:
                results = step(results)
            return results

        return run

    def _init_visualizer(self, cfg: ConfigDict) -> None:
        """Return None, since the visualizer of the config is for training."""

    def visualize(self, inputs: list, preds: list, **_: Any) -> None:
        """Draw nothing, see :mod:`dfew_mmaction.visualization`."""

    def postprocess(
        self, preds: list[Any], visualization: None, return_datasamples: bool = False
    ) -> np.ndarray:
        """Collect the probabilities of the samples in an array.

        Raises:
            ValueError: If one is not finite.
        """
        rows = np.stack([sample.pred_score.float().cpu().numpy() for sample in preds])
        check_scores(rows, [f'clip {number}' for number in range(len(rows))])
        return rows

    def _facts(self, network: dict) -> ModelFacts:
        blank = np.zeros((self.num_frames, FACE_SIZE, FACE_SIZE, 3), np.uint8)
        height, width = self.pipeline(blank)['inputs'].shape[-2:]
        pixels = self.cfg.model.get('data_preprocessor') or {}
        meta = dict(self._file.dataset)
        meta.pop('classes', None)
        known = self._file.facts
        return ModelFacts(
            classes=self.classes,
            num_frames=self.num_frames,
            sampling=self.sampling,
            input_size=(height, width),
            mean=tuple(map(float, pixels.get('mean') or (0, 0, 0))),
            std=tuple(map(float, pixels.get('std') or (1, 1, 1))),
            source=str(meta.get('source') or self._source),
            template=list(known.template) if known else [],
            # With the losses, though they are not built.
            network=Config(dict(model=network)).to_dict()['model'],
            pipeline=[dict(step) for step in test_pipeline(self.cfg)],
            dataset=meta,
            config=Config(dict(self.cfg)).to_dict(),
        )


def _count(model: nn.Module) -> int | None:
    """Number of outputs of a network, found by its weights."""
    return getattr(getattr(model, 'cls_head', None), 'num_classes', None)


def _classes(file: ModelFile, cfg: ConfigDict, count: int | None) -> tuple[str, ...]:
    """Names of the classes, from the checkpoint or the config's data set."""
    if file.classes:
        return file.classes
    if count is None:
        raise ValueError(
            f"'{file.path}' does not name its classes (`dataset_meta` in its meta), "
            'nor has the head of the config a number of them (`num_classes`)'
        )
    kind = dataset_of(cfg).get('type')
    known = DATASETS.get(kind) if isinstance(kind, str) else None
    names = tuple((getattr(known, 'METAINFO', None) or {}).get('classes') or ())
    return names if len(names) == count else tuple(map(str, range(count)))


def _check_classes(file: ModelFile, count: int | None, path: str) -> None:
    if file.classes and count is not None and len(file.classes) != count:
        raise ValueError(
            f'{path} distinguishes {len(file.classes)} classes '
            f'({", ".join(file.classes)}), the network of the config {count}: it is '
            'the checkpoint of another network, or of another set.'
        )
