"""Distances of all pairs of a mini-batch, and their gradients, in n x n memory."""

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable

# Of the differences of rows and all others, what the gradient of L1 holds at a time
# where torch makes all of them (on a GPU): 64 MB in float32.
ELEMENTS = 2**24


def all_distances(x: Tensor, p: float) -> Tensor:
    r"""Euclidean or L1 distances of all pairs.

    The distances are summed from differences (``torch.pdist``): nothing cancels where
    two features are close, and each pair is computed once. With the gradient
    :math:`g_{ij}` of the distances, that of the features is, for Euclidean ones, a
    product of matrices:

    .. math::
        \nabla_{x_i} = \sum_j w_{ij} x_i - \sum_j w_{ij} x_j, \qquad
        w_{ij} = (g_{ij} + g_{ji}) / d_{ij}

    There close pairs do cancel, hence it is in float64: two float32 features that
    differ in the last digit of one element have their direction to seven digits left.
    Neither way holds more than n x n and n x d numbers, on any device; the gradients of
    torch's own ``cdist`` and ``pdist`` hold n x n x d on a GPU.

    Args:
        x (torch.Tensor): Features of shape (n, d), float32 or float64.
        p (float): 2.0, Euclidean, or 1.0.

    Returns:
        torch.Tensor: Shape (n, n), symmetric, zeros on the diagonal. Where a distance
        is 0 so is its gradient. A second derivative is refused with an error.
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
