"""Gradient of each loss with respect to the embedding."""

from pathlib import Path

import numpy as np
import torch
from mmaction.registry import MODELS
from mmengine.model import is_model_wrapper
from mmengine.registry import init_default_scope
from mmengine.runner import Runner, set_random_seed
from mmengine.utils import apply_to
from torch import nn

from ..models.heads import EmbeddingRecorder
from ..models.losses import embedding_gradient
from ..utils.config_file import load_config
from ..weights.check import load_weights


def loss_gradients(
    config: str | Path,
    checkpoint: str | Path | None = None,
    *,
    batches: int = 10,
    seed: int = 0,
) -> dict[str, dict[str, float]]:
    """Compare the losses of a config by their gradients at the embedding.

    The network is in training mode: batch normalisation uses the statistics of the
    mini-batch. With its initial running statistics, which do not normalise anything,
    embeddings would be many times smaller than in training.

    Args:
        config (str | Path): Config of a network with any head that has one classifier,
            see :func:`classifier_layers`.
        checkpoint (str | Path, optional): Weights. Defaults to the initial weights of
            a training run with this seed.
        batches (int): Number of mini-batches to average over. Defaults to 10.
        seed (int): Seed of the weights and of the order of the clips. Defaults to 0.

    Returns:
        dict[str, dict[str, float]]: See :func:`batch_gradients`; means over the
        mini-batches.

    Raises:
        ValueError: If the head has no classifier or more than one, or the checkpoint
            does not fill the network.
    """
    if batches < 1:
        raise ValueError(f'batches must be at least 1, got {batches}')
    init_default_scope('mmaction')
    cfg = load_config(config, 'model', 'train_dataloader')
    set_random_seed(seed)
    model = MODELS.build(cfg.model)
    model.init_weights()
    if checkpoint is not None:
        load_weights(model, checkpoint)
    model.train()
    loader = Runner.build_dataloader(cfg.train_dataloader, seed=seed)
    rows: dict[str, list] = {}
    for _, batch in zip(range(batches), loader):
        for name, row in batch_gradients(model, batch).items():
            rows.setdefault(name, []).append(row)
    return {
        name: {key: float(np.mean([row[key] for row in of_loss])) for key in of_loss[0]}
        for name, of_loss in rows.items()
    }


def batch_gradients(model: nn.Module, batch: dict) -> dict[str, dict[str, float]]:
    """Gradients of the losses of one mini-batch at the embedding.

    The backbone runs without a graph and no ``.grad`` changes. Dropout and batch
    normalisation follow the mode of the model.

    Args:
        model (nn.Module): A recognizer of MMAction2, possibly in a wrapper for several
            processes.
        batch (dict): A mini-batch of the training data loader: ``inputs`` and
            ``data_samples``.

    Returns:
        dict[str, dict[str, float]]: For each loss by name: ``value`` (with its weight),
        ``gradient``, the Frobenius norm of its gradient with respect to the embeddings
        of the mini-batch, ``relative``, that norm divided by the norm for the
        classification loss, and ``cosine`` between these two gradients. ``embedding``
        has the mean ``norm`` of the embeddings and ``zeros``, the share of values that
        are 0.
    """
    model = model.module if is_model_wrapper(model) else model
    head = model.cls_head
    data = model.data_preprocessor(batch, training=True)
    samples = data['data_samples']
    with torch.no_grad():
        features, kwargs = model.extract_feat(data['inputs'], data_samples=samples)
    # A copy, because some heads change their input in place.
    features = apply_to(
        features, torch.is_tensor, lambda x: x.detach().requires_grad_().clone()
    )
    with (
        torch.enable_grad(),
        EmbeddingRecorder(head, getattr(head, 'classifier_name', None)) as recorder,
    ):
        losses = head.loss(features, samples, **kwargs)
        embedding, inputs = recorder.embedding().detach(), recorder.inputs()
    losses = {name: value for name, value in losses.items() if 'loss' in name}
    gradients = {
        name: embedding_gradient(value, inputs) for name, value in losses.items()
    }
    feature_losses = getattr(head, 'feature_losses', None)
    extra = [] if feature_losses is None else feature_losses.names
    base = sum(value for name, value in gradients.items() if name not in extra)
    rows = {
        name: dict(
            value=float(losses[name].detach()),
            gradient=float(gradient.norm()),
            relative=float(gradient.norm() / base.norm()),
            cosine=float(torch.cosine_similarity(gradient, base, dim=0)),
        )
        for name, gradient in gradients.items()
    }
    rows['embedding'] = dict(
        norm=float(embedding.norm(dim=1).mean()),
        zeros=float((embedding == 0).float().mean()),
    )
    return rows
