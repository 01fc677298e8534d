"""Builds a described network only if it has the size of its weights."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import torch
from mmaction.registry import MODELS
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from ...weights.check import check_fills

#: Allowed elements of tables and masks in addition to the weights.
SPARE_ELEMENTS = 2**24
#: Allowed number of tensors in addition to the weights.
SPARE_TENSORS = 10_000
_SIZED = {
    torch.empty, torch.empty_strided, torch.zeros, torch.ones, torch.full, torch.rand,
    torch.randn, torch.randint, torch.eye, torch.randperm, torch.tril_indices,
    torch.triu_indices,
}  # fmt: skip
#: Filling a tensor on `meta` changes nothing, and makes PyTorch import its compiler.
_FILLING = {
    getattr(Tensor, f'{name}_')
    for name in ('normal', 'uniform', 'fill', 'zero', 'erfinv', 'mul', 'add', 'clamp')
}
#: Operators that read values, which tensors on `meta` lack.
_READING = {Tensor.mean, Tensor.sum, Tensor.item, Tensor.tolist, Tensor.numpy}


def build_to_fit(
    network: dict[str, Any], weights: Mapping[str, Tensor], source: str
) -> nn.Module:
    """Build a network, after checking without memory that some weights fill it.

    The network is built on the ``meta`` device first, where tensors have shapes and no
    storage. The few networks for which this fails are built with a limit of memory.

    Args:
        network (dict): Its config.
        weights (Mapping[str, Tensor]): Weights by name.
        source (str): File that both are from, for messages.

    Returns:
        nn.Module: The network on the CPU with initial weights.

    Raises:
        ValueError: If the weights do not fill it, or it is larger than they are.
    """
    try:
        with _Bounded(weights, source, meta=True) as bound:
            model = MODELS.build(network)
            bound.check(sum(b.numel() for b in model.buffers()))
        check_fills(model, weights, f"the checkpoint '{source}'")
    except NotImplementedError:
        pass  # it reads values
    with _Bounded(weights, source):
        model = MODELS.build(network)
    check_fills(model, weights, f"the checkpoint '{source}'")
    return model


def stored_elements(weights: Mapping[str, Tensor]) -> int:
    """Number of elements in memory, since tensors can share or repeat them."""
    storages = {
        w.untyped_storage().data_ptr(): w.untyped_storage().nbytes() // w.element_size()
        for w in weights.values()
    }
    return sum(storages.values())


class _Bounded(TorchFunctionMode):
    """Refuses tensors that are too large or too many for the weights.

    Args:
        weights (Mapping[str, Tensor]): The weights.
        source (str): File that they are from, for messages.
        meta (bool): Whether to create tensors on the ``meta`` device. Tensors from
            which parts compute plain values stay on the CPU. Defaults to False.
    """

    def __init__(
        self, weights: Mapping[str, Tensor], source: str, *, meta: bool = False
    ) -> None:
        super().__init__()
        self._source = source
        self._meta = meta
        self._elements = 2 * stored_elements(weights) + SPARE_ELEMENTS
        self._tensors = 8 * len(weights) + SPARE_TENSORS

    def check(self, elements: int) -> None:
        """Count elements.

        Raises:
            ValueError: If there are more than the weights allow.
        """
        self._elements -= elements
        self._tensors -= 1
        if self._elements < 0 or self._tensors < 0:
            raise ValueError(
                f"'{self._source}' describes a network that is much larger than its "
                'weights. It was not built.'
            )

    def __torch_function__(
        self,
        func: Callable,
        types: Any,
        args: tuple = (),
        kwargs: dict | None = None,
    ) -> Any:
        kwargs = dict(kwargs or {})
        if func in _SIZED:
            shape = func(*args, **{**kwargs, 'device': 'meta'})
            self.check(shape.numel())
            if self._meta:
                return shape
        if func in _LENGTHS:
            self.check(_LENGTHS[func](*args, **kwargs))
        if self._meta and func in _FILLING and args[0].is_meta:
            return args[0]
        if self._meta and func in _READING and args[0].is_meta:
            raise NotImplementedError(f'{func.__name__} of a tensor without values')
        return func(*args, **kwargs)


def _arange_length(*args: Any, **kwargs: Any) -> int:
    names = ('end',) if len(args) == 1 else ('start', 'end', 'step')
    given = {'start': 0, 'step': 1, **kwargs, **dict(zip(names, args, strict=False))}
    return max(0, math.ceil((given['end'] - given['start']) / given['step']))


def _steps(start: Any, end: Any, steps: int, *args: Any, **kwargs: Any) -> int:
    return steps


#: Parts compute plain values from these: they stay on the CPU.
_LENGTHS = {
    torch.arange: _arange_length,
    torch.linspace: _steps,
    torch.logspace: _steps,
}
