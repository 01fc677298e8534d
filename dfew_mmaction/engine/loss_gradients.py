"""How hard each loss pulls at the embedding."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from mmaction.registry import MODELS
from mmengine.registry import init_default_scope
from mmengine.runner import Runner, load_checkpoint, set_random_seed

from ..utils.config_file import load_config


def loss_gradients(
    config: str | Path,
    checkpoint: str | Path | None = None,
    batches: int = 10,
    seed: int = 0,
) -> dict[str, dict[str, float]]:
    """Compare the losses of a config by their gradients in the embedding.

    Training mini-batches go through the network in evaluation mode, so that dropout
    does not blur the comparison.

    Args:
        config (str | Path): Config whose head has ``embed`` and ``classify``, such as
            ``C3DHead``.
        checkpoint (str | Path, optional): Weights. Defaults to those drawn at the
            start of a training.
        batches (int): Mini-batches to average over. Defaults to 10.
        seed (int): Of the weights and the order of the clips. Defaults to 0.

    Returns:
        dict[str, dict[str, float]]: For each loss by name: ``value`` (with its
        weight), ``gradient``, the Frobenius norm of its gradient with respect to the
        embeddings of the mini-batch, ``relative``, that over the norm of the
        classification loss, and ``cosine`` between the two. ``embedding`` has the
        mean ``norm`` of the embeddings, and ``zeros``, the share of values that are 0.

    Raises:
        ValueError: If the head has no such methods.
    """
    init_default_scope('mmaction')
    config = load_config(config)
    set_random_seed(seed)
    model = MODELS.build(config.model)
    head = model.cls_head
    if not hasattr(head, 'embed') or not hasattr(head, 'classify'):
        raise ValueError(
            f'{type(head).__name__} has no `embed` and `classify`: take a C3DHead'
        )
    model.init_weights()
    if checkpoint is not None:
        load_checkpoint(model, str(checkpoint), map_location='cpu', logger='silent')
    model.eval()
    loader = Runner.build_dataloader(config.train_dataloader, seed=seed)
    rows: dict[str, list] = {}
    for _, batch in zip(range(batches), loader):
        for name, row in _of_batch(model, batch).items():
            rows.setdefault(name, []).append(row)
    return {
        name: {key: float(np.mean([row[key] for row in of_loss])) for key in of_loss[0]}
        for name, of_loss in rows.items()
    }


def _of_batch(model: Any, batch: dict) -> dict[str, dict[str, float]]:
    data = model.data_preprocessor(batch, training=True)
    inputs, samples = data['inputs'], data['data_samples']
    with torch.no_grad():
        features = model.backbone(inputs.flatten(0, 1))
    embedding = model.cls_head.embed(features).detach().requires_grad_()
    losses = model.cls_head.loss_by_feat(model.cls_head.classify(embedding), samples)
    losses = {name: value for name, value in losses.items() if 'loss' in name}
    extra = model.cls_head.feature_losses(embedding, samples)
    losses.update((name, value) for name, value in extra.items() if 'loss' in name)
    gradients = {
        name: torch.autograd.grad(value, embedding, retain_graph=True)[0].flatten()
        for name, value in losses.items()
    }
    base = gradients['loss_cls']
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
        norm=float(embedding.detach().norm(dim=1).mean()),
        zeros=float((embedding == 0).float().mean()),
    )
    return rows
