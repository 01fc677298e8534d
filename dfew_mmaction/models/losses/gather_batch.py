"""Concatenation of the mini-batches of all processes."""

from typing import Any

import torch
from mmengine.dist import all_gather, get_rank, get_world_size
from torch import Tensor
from torch.autograd import Function


def gather_batch(features: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    """Concatenate the samples of all processes, in the order of their ranks.

    A loss of the result has the same value in each process. Each process backpropagates
    the part of the gradient that belongs to its own samples, times the number of
    processes. ``DistributedDataParallel``, FSDP and DeepSpeed average gradients over
    the processes: the weights receive the gradient of the loss of the complete batch,
    as in a single process. The backward pass sends no message.

    All processes must call it equally often; the sizes of their mini-batches may
    differ.

    Args:
        features (torch.Tensor): Features of shape (n, d) of this process.
        labels (torch.Tensor): Their classes, of shape (n, ).

    Returns:
        tuple[torch.Tensor, torch.Tensor]: Features and labels of all processes. With
        one process, the arguments themselves.
    """
    world = get_world_size()
    if world == 1:
        return features, labels
    count = torch.tensor([len(labels)], device=labels.device)
    sizes = [int(size) for size in torch.cat(all_gather(count))]

    def collect(x: Tensor) -> list:
        padded = x.new_zeros(max(sizes), *x.shape[1:])
        padded[: len(x)] = x
        return [part[:size] for part, size in zip(all_gather(padded), sizes)]

    parts = collect(features.detach())
    parts[get_rank()] = _TimesGradient.apply(features, world)
    return torch.cat(parts), torch.cat(collect(labels))


class _TimesGradient(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, factor: int) -> Tensor:
        ctx.factor = factor
        return x.view_as(x)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None]:
        return ctx.factor * grad, None
