"""Gradients of losses at the embedding, and a bound on those of feature losses."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from .feature_losses import FeatureLosses


def embedding_gradient(loss: Tensor, inputs: Sequence[Tensor]) -> Tensor:
    """Gradient of a loss with respect to the inputs of the classifier, flattened.

    Only the layers after the embedding are differentiated; no ``.grad`` changes, and
    the graph is kept.

    Args:
        loss (torch.Tensor): Scalar.
        inputs (Sequence[torch.Tensor]): See :meth:`EmbeddingRecorder.inputs`.

    Returns:
        torch.Tensor: float32 vector; zeros where the loss does not depend on them, and
        for inputs without a gradient, as behind frozen layers.
    """
    found = [torch.zeros_like(x) for x in inputs]
    wanted = [number for number, x in enumerate(inputs) if x.requires_grad]
    if loss.requires_grad and wanted:
        gradients = torch.autograd.grad(
            loss, [inputs[number] for number in wanted], retain_graph=True,
            allow_unused=True, materialize_grads=True,
        )  # fmt: skip
        for number, gradient in zip(wanted, gradients):
            found[number] = gradient
    return torch.cat([x.flatten().float() for x in found])


def limit_gradients(
    feature_losses: FeatureLosses,
    computed: Mapping[str, Tensor],
    base: Tensor,
    inputs: Sequence[Tensor],
) -> dict[str, Tensor]:
    r"""Scale the feature losses that have a ``max_share`` ρ.

    With the gradients :math:`g` of the head's own loss and :math:`h` of the feature
    loss at the embedding, the feature loss is multiplied by the constant

    .. math::
        \min(1, ρ \|g\| / \|h\|)

    so that its gradient is at most ρ times that of the classifier. For ρ < 1 the sum of
    both gradients always has a positive product with g, at least
    :math:`(1 - ρ) \|g\|^2`.

    Args:
        feature_losses (FeatureLosses): The losses.
        computed (Mapping[str, torch.Tensor]): Their results by name.
        base (torch.Tensor): The head's own loss.
        inputs (Sequence[torch.Tensor]): The tensors that both depend on.

    Returns:
        dict[str, torch.Tensor]: ``computed``, scaled, and the factor of each scaled
        loss as ``NAME_factor``, NAME from ``feature_losses.statistic_names``, for the
        log. Unchanged if the inputs have no gradient, as behind frozen layers.
    """
    limited, pull = dict(computed), None
    if not any(x.requires_grad for x in inputs):
        return limited
    for name, share in zip(
        feature_losses.names, feature_losses.max_shares, strict=True
    ):
        if share is None or not computed[name].requires_grad:
            continue
        pull = embedding_gradient(base, inputs).norm() if pull is None else pull
        own = embedding_gradient(computed[name], inputs).norm()
        factor = (share * pull / own.clamp(min=torch.finfo(own.dtype).tiny)).clamp(
            max=1.0
        )
        limited[name] = computed[name] * factor
        limited[f'{feature_losses.statistic_names[name]}_factor'] = factor
    return limited


def gradient_statistics(
    feature_losses: FeatureLosses,
    computed: Mapping[str, Tensor],
    base: Tensor,
    inputs: Sequence[Tensor],
) -> dict[str, Tensor]:
    """Gradients of feature losses relative to that of the head's own loss.

    Args:
        feature_losses (FeatureLosses): The losses.
        computed (Mapping[str, torch.Tensor]): Their results by name.
        base (torch.Tensor): The head's own loss.
        inputs (Sequence[torch.Tensor]): The tensors that all depend on.

    Returns:
        dict[str, torch.Tensor]: For each loss, NAME from
        ``feature_losses.statistic_names``: ``NAME_share``, the norm of its gradient
        divided by that of the head's own, and ``NAME_cosine`` of the angle between
        them. Empty if the inputs have no gradient, as behind frozen layers.
    """
    if not len(feature_losses) or not any(x.requires_grad for x in inputs):
        return {}
    reference = embedding_gradient(base, inputs)
    found = {}
    for name, short in feature_losses.statistic_names.items():
        own = embedding_gradient(computed[name], inputs)
        tiny = torch.finfo(own.dtype).tiny
        found[f'{short}_share'] = own.norm() / reference.norm().clamp(min=tiny)
        found[f'{short}_cosine'] = torch.cosine_similarity(own, reference, dim=0)
    return found
