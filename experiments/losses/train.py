"""Training and testing of a run in this process, on frames held in (GPU) memory.

For such small networks, MMAction2's scripts spend most of the time on imports, loading
and hooks. Network, head, losses, optimizer and schedule are those of the config; frames
are sampled and flipped as in its pipeline.
"""

import json
import time
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from mmaction.registry import DATASETS, MODELS
from mmaction.structures import ActionDataSample
from mmengine.config import ConfigDict
from mmengine.optim import build_optim_wrapper
from mmengine.registry import PARAM_SCHEDULERS
from mmengine.runner import set_random_seed
from torch import Tensor

from dfew_mmaction.cross_validation import Run
from dfew_mmaction.cross_validation.execute import _provenance, read_run
from dfew_mmaction.evaluation.functional import uar_war, write_predictions
from dfew_mmaction.models.heads import EmbeddingRecorder
from dfew_mmaction.utils import CLASSES, write_json

#: Steps between two measurements of the gradients at the embedding.
MEASURED_EVERY = 10
DEVICE = torch.device('cuda' if torch.cuda.is_available() else 'cpu')


class Part:
    """One part of a fold in memory.

    Attributes:
        frames (torch.Tensor): uint8 of shape (clips, 3, T, H, W), on :data:`DEVICE`.
        labels (torch.Tensor): int64 of shape (clips, ).
        names (list[str]): Clip names.
    """

    def __init__(self, config: ConfigDict) -> None:
        dataset = DATASETS.build(dict(config, pipeline=[]))
        samples = [dataset.get_data_info(index) for index in range(len(dataset))]
        frames = torch.stack([_frames(s['packed_frames']) for s in samples])
        self.frames = frames.to(DEVICE)
        self.labels = torch.tensor([s['label'] for s in samples])
        self.names = [s['video_id'] for s in samples]
        self.samples = np.empty(len(samples), object)
        for index, label in enumerate(self.labels):
            self.samples[index] = (
                ActionDataSample().set_gt_label(label[None]).to(DEVICE)
            )


def _frames(packed: np.ndarray) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(packed.transpose(3, 0, 1, 2)))


@cache
def _part(text: str) -> Part:
    return Part(ConfigDict(json.loads(text)))


def load(loader: ConfigDict) -> Part:
    """The part that a data loader's config names."""
    dataset = dict(loader.dataset)
    dataset.pop('pipeline')
    return _part(json.dumps(dataset, sort_keys=True))


def clip_len(loader: ConfigDict) -> int:
    """Frames that the pipeline of a data loader chooses of a clip."""
    return next(
        step.clip_len
        for step in loader.dataset.pipeline
        if step.type == 'SampleFaceFrames'
    )


def prepare(clips: Tensor, model: Any) -> Tensor:
    """Normalised float frames, channels last."""
    preprocessor = model.data_preprocessor
    mean, std = preprocessor.mean.flatten()[0], preprocessor.std.flatten()[0]
    clips = clips.float().sub_(mean).div_(std)
    return clips.contiguous(memory_format=torch.channels_last_3d)


def augment(clips: Tensor, length: int) -> Tensor:
    """A random frame of each of ``length`` segments, and a flip of half the clips."""
    step = clips.shape[2] // length
    chosen = torch.arange(length) * step
    if step > 1:
        chosen = chosen + torch.randint(step, (len(clips), length))
        index = chosen.to(clips.device)[:, None, :, None, None]
        index = index.expand(-1, 3, -1, *clips.shape[3:])
        clips = clips.gather(2, index)
    flipped = (torch.rand(len(clips)) < 0.5).to(clips.device)
    clips[flipped] = clips[flipped].flip(-1)
    return clips


def train(run: Run) -> tuple[Any, list[dict[str, float]]]:
    """Train the network of a run; return it and its log.

    The log has the means of each epoch or, if the config has ``log_every``, of so many
    steps. ``init_weights = False`` in the config keeps PyTorch's initial weights.
    """
    config = run.config
    set_random_seed(run.seed)
    model = MODELS.build(config.model)
    if config.get('init_weights', True):
        model.init_weights()
    model.to(DEVICE)
    model.backbone.to(memory_format=torch.channels_last_3d)
    part = load(config.train_dataloader)
    size, length = config.train_dataloader.batch_size, clip_len(config.train_dataloader)
    epochs = config.train_cfg.max_epochs
    steps = -(-len(part.labels) // size)
    every = config.get('log_every', steps)
    optimizer = build_optim_wrapper(model, config.optim_wrapper)
    schedulers = [
        PARAM_SCHEDULERS.build(
            dict(item, epoch_length=steps), default_args=dict(optimizer=optimizer)
        )
        for item in config.param_scheduler
    ]
    history, done = [], 0
    rows: dict[str, list[Tensor]] = {}
    model.train()
    for _ in range(epochs):
        for step, chosen in enumerate(torch.randperm(len(part.labels)).split(size)):
            clips = part.frames[chosen.to(DEVICE)]
            inputs = prepare(augment(clips, length), model)
            samples = list(part.samples[chosen.numpy()])
            model.cls_head.monitored = step % min(MEASURED_EVERY, every) == 0
            with optimizer.optim_context(model):
                losses = model.cls_head.loss(model.backbone(inputs), samples)
            total, logged = model.parse_losses(losses)
            optimizer.update_params(total)
            for scheduler in schedulers:
                scheduler.step()
            for key, value in logged.items():
                value = torch.as_tensor(value, dtype=torch.float64, device=DEVICE)
                rows.setdefault(key, []).append(value.detach())
            done += 1
            if done % every == 0:
                means = {
                    key: float(torch.stack(values).mean())
                    for key, values in rows.items()
                }
                history.append(dict(epoch=done / steps, **means))
                rows = {}
    return model, history


@torch.no_grad()
def test(run: Run, model: Any) -> tuple[Part, np.ndarray, dict[str, float]]:
    """Score the test part.

    Returns:
        tuple: The part; probabilities of shape (clips, classes); the geometry of its
        embeddings, see :func:`geometry`.
    """
    model.eval()
    loader = run.config.test_dataloader
    part, length = load(loader), clip_len(loader)
    step = part.frames.shape[2] // length
    frames = part.frames[:, :, step // 2 :: step]
    scores, embeddings = [], []
    with EmbeddingRecorder(model.cls_head) as recorder:
        for chosen in torch.arange(len(part.labels)).split(loader.batch_size):
            features = model.backbone(prepare(frames[chosen.to(DEVICE)], model))
            scores.append(model.cls_head(features).softmax(dim=1).cpu())
            embeddings.append(recorder.embedding().cpu())
    shape = geometry(torch.cat(embeddings), part.labels)
    return part, torch.cat(scores).double().numpy(), shape


def geometry(embeddings: Tensor, labels: Tensor) -> dict[str, float]:
    """Distances of class means to one another and to their clips.

    Returns:
        dict[str, float]: ``within``, the mean distance of clips to the mean of their
        class; ``between``, the mean distance of two class means; ``nearest``, that of
        each class mean to the nearest other one, averaged over the classes.
    """
    classes = labels.unique()
    means = torch.stack([embeddings[labels == c].mean(dim=0) for c in classes])
    own = means[torch.searchsorted(classes, labels)]
    apart = torch.cdist(means, means)
    others = ~torch.eye(len(classes), dtype=torch.bool)
    nearest = apart.masked_fill(~others, torch.inf).min(dim=1).values
    return dict(
        within=float((embeddings - own).norm(dim=1).mean()),
        between=float(apart[others].mean()),
        nearest=float(nearest.mean()),
    )


def execute(run: Run) -> dict[str, Any]:
    """Train and test a run; write its ``predictions.csv`` and ``run.json``."""
    # A process that waits for the GPU takes processor time.
    clock = time.process_time if DEVICE.type == 'cpu' else time.perf_counter
    torch.backends.cudnn.benchmark = True
    started = clock()
    model, history = train(run)
    part, scores, shape = test(run, model)
    labels = part.labels.numpy()
    # Scores are computed from the stored probabilities, which have four decimals.
    scores = scores.round(4)
    write_predictions(
        Path(run.folder) / 'predictions.csv', part.names, labels, scores, CLASSES
    )
    known = dict(
        read_run(run.folder),
        **_provenance(),
        trained=True,
        checkpoint=f'epoch_{run.config.train_cfg.max_epochs}',
        score=uar_war(scores, labels, len(CLASSES), classes=CLASSES),
        device=DEVICE.type if DEVICE.type == 'cpu' else torch.cuda.get_device_name(),
        seconds=round(clock() - started, 1),
        finished=time.strftime('%Y-%m-%d'),
        epochs=history,
        geometry=shape,
    )
    write_json(run.folder / 'run.json', known)
    return known
