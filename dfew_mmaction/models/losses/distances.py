"""Distances of all pairs of a mini-batch, and their gradients, in n x n memory."""

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable

# Differences that the gradient of L1 distances holds at a time if torch materialises
# them (on a GPU): 64 MB in float32.
ELEMENTS = 2**24


def all_distances(x: Tensor, p: float) -> Tensor:
    r"""Euclidean or L1 distances of all pairs.

    The distances are computed from differences (``torch.pdist``), without cancellation
    for close features, and each pair once. With the gradient :math:`g_{ij}` of the
    distances, that of the features is a product of matrices for Euclidean distances:

    .. math::
        \nabla_{x_i} = \sum_j w_{ij} x_i - \sum_j w_{ij} x_j, \qquad
        w_{ij} = (g_{ij} + g_{ji}) / d_{ij}

    Close pairs cancel in that product, hence it is computed in float64: for two float32
    features that differ in the last digit of one element, seven digits of the
    direction remain. No tensor has more than n x n or n x d elements on any device;
    the gradients of torch's ``cdist`` and ``pdist`` have n x n x d on a GPU.

    Args:
        x (torch.Tensor): Features of shape (n, d), float32 or float64.
        p (float): 2.0, Euclidean, or 1.0.

    Returns:
        torch.Tensor: Shape (n, n), symmetric, zeros on the diagonal. The gradient of a
        distance of 0 is 0. A second derivative raises an error.
    """
    return _AllDistances.apply(x, p)


class _AllDistances(Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, p: float) -> Tensor:
        n = len(x)
        above = torch.ones(n, n, dtype=torch.bool, device=x.device).triu_(1)
        half = x.new_zeros(n, n).masked_scatter_(above, torch.pdist(x, p))
        distance = half + half.T
        ctx.p = p
        ctx.save_for_backward(x, distance)
        return distance

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None]:
        x, distance = ctx.saved_tensors
        grad = grad + grad.T
        return (_euclidean if ctx.p == 2 else _manhattan)(x, distance, grad), None


def _euclidean(x: Tensor, distance: Tensor, grad: Tensor) -> Tensor:
    weight = (grad.double() / distance).masked_fill_(distance == 0, 0)
    exact = x.double()
    out = weight.sum(dim=1, keepdim=True) * exact
    return out.addmm_(weight, exact, alpha=-1).to(x.dtype)


def _manhattan(x: Tensor, distance: Tensor, grad: Tensor) -> Tensor:
    out = torch.empty_like(x)
    step = max(1, ELEMENTS // max(x.numel(), 1))
    for begin in range(0, len(x), step):
        rows = slice(begin, begin + step)
        out[rows] = torch.ops.aten._cdist_backward(
            grad[rows], x[rows], x, 1.0, distance[rows]
        )
    return out
