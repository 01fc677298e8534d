"""The losses of pytorch-metric-learning, by name."""

import difflib
import importlib
import inspect
from types import ModuleType
from typing import Any

import torch
from mmaction.registry import MODELS
from torch import Tensor, nn

from .gather_batch import gather_batch
from .inputs import at_least_float32, check_features, check_weight

# Exports of the library that are not losses or need more than features and labels.
UNFIT = {
    'BaseLossWrapper': 'it is the base class of wrappers',
    'BaseMetricLossFunction': 'it is the base class of losses',
    'CrossBatchMemory': (
        'its memory would be averaged over processes, and a resumed run would not '
        'have it; a larger batch gives more pairs'
    ),
    'DynamicSoftMarginLoss': (
        'its histogram holds the graph of the mini-batch before, so that the second '
        'backward fails, and is in no checkpoint'
    ),
    'EmbeddingRegularizerMixin': 'it is a part of losses',
    'GenericPairLoss': 'it is the base class of losses over pairs',
    'ManifoldLoss': 'it takes no classes',
    'MultipleLosses': 'put several PMLLoss into `feature_losses` instead',
    'SelfSupervisedLoss': 'it compares two views of a clip and takes no classes',
    'VICRegLoss': 'it compares two views of a clip and takes no classes',
    'WeightRegularizerMixin': 'it is a part of losses',
}

# Arguments that are built, and the modules of the library that hold their classes.
KINDS = dict(
    distance='distances',
    embedding_regularizer='regularizers',
    miner='miners',
    reducer='reducers',
    weight_regularizer='regularizers',
)


@MODELS.register_module()
class PMLLoss(nn.Module):
    """A loss of `pytorch-metric-learning <https://github.com/KevinMusgrave/pytorch-metric-learning>`_.

    Needs ``pip install pytorch-metric-learning``. A loss with its own weights, such as
    ``ArcFaceLoss``, is a submodule of the head: its weights are trained and saved in
    the checkpoint.

    Miner, distance, reducer and regularizers are names or configs of the library's
    classes, such as ``dict(type='MultiSimilarityMiner', epsilon=0.1)``, and may be
    nested.

    Args:
        loss (str): Name in ``pytorch_metric_learning.losses``. Defaults to
            ``'SupConLoss'``.
        loss_weight (float): Factor of the loss. Defaults to 1.0.
        miner (str | dict, optional): Selects the pairs; from ``.miners``.
        distance (str | dict, optional): From ``.distances``.
        reducer (str | dict, optional): Reduces the losses of pairs; from
            ``.reducers``.
        embedding_regularizer (str | dict, optional): From ``.regularizers``.
        weight_regularizer (str | dict, optional): From ``.regularizers``, for
            losses with weights.
        gather (bool): Whether to compute the loss over the mini-batches of all
            processes, as in :class:`ECSTFLLoss`. A random miner draws differently in
            each process. Defaults to False: over that of this process.
        loss_name (str, optional): Name in the log; must contain ``loss``.
            Defaults to ``'loss_'`` and the name of the loss in lower case.
        **kwargs: Arguments of the loss: ``num_classes`` and ``embedding_size`` if it
            has weights, margins, temperatures.

    Raises:
        ImportError: If the library is not installed.
        ValueError: If the name is unknown (the message lists the known ones); if the
            loss needs more than features and labels; if the library rejects its
            arguments; if the weight is negative or no number.

    Examples:
        >>> loss = PMLLoss('SupConLoss', temperature=0.1)  # doctest: +SKIP
        >>> loss(torch.randn(24, 4096), torch.arange(24) % 7)  # doctest: +SKIP
    """

    def __init__(
        self,
        loss: str = 'SupConLoss',
        loss_weight: float = 1.0,
        miner: str | dict | None = None,
        *,
        distance: str | dict | None = None,
        reducer: str | dict | None = None,
        embedding_regularizer: str | dict | None = None,
        weight_regularizer: str | dict | None = None,
        gather: bool = False,
        loss_name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__()
        check_weight('PMLLoss', loss_weight)
        self.loss_weight, self.gather = loss_weight, gather
        self.loss_name = loss_name or f'loss_{str(loss).lower()}'
        parts = dict(
            distance=distance,
            reducer=reducer,
            embedding_regularizer=embedding_regularizer,
            weight_regularizer=weight_regularizer,
        )
        kwargs.update((name, part) for name, part in parts.items() if part is not None)
        self.miner = _part('miner', miner)
        self.loss = _build('losses', dict(kwargs, type=loss))

    def forward(self, features: Tensor, labels: Tensor) -> Tensor:
        """Weighted loss of a mini-batch.

        Args:
            features (torch.Tensor): Features of shape (n, d). Half precision is
                computed in float32, also under autocast.
            labels (torch.Tensor): Class of each sample, integers of shape (n, ).

        Returns:
            torch.Tensor: Scalar; 0 with a gradient of 0 if there is nothing to compare.

        Raises:
            ValueError: For invalid shapes, soft labels, or a result that is not a
                scalar, as with ``DoNothingReducer``.
        """
        check_features('PMLLoss', features, labels)
        with torch.autocast(features.device.type, enabled=False):
            features = at_least_float32(features)
            if self.gather:
                features, labels = gather_batch(features, labels)
            if not len(features):
                return features.sum()
            # Some losses do not accept the argument for pairs.
            chosen = () if self.miner is None else (self.miner(features, labels),)
            value = self.loss(features, labels, *chosen)
            if not isinstance(value, Tensor) or value.numel() != 1:
                raise ValueError(
                    f'{type(self.loss).__name__} must return one number, but returned '
                    f"{type(value).__name__}: set reducer=dict(type='MeanReducer')"
                )
            # A mean over no pair is NaN (NCALoss).
            if len(labels.unique()) == len(labels) and not bool(value.isfinite()):
                value = torch.zeros_like(value)
            # Some losses return a constant if no pair is left; distributed training
            # needs a gradient for each weight.
            for leaf in (features, *self.parameters()):
                value = value + leaf.flatten()[:0].sum()
            return self.loss_weight * value.reshape(())

    def extra_repr(self) -> str:
        """Settings for ``print(module)``."""
        return f'loss_weight={self.loss_weight}, loss_name={self.loss_name!r}'


def _library(name: str) -> ModuleType:
    try:
        return importlib.import_module(f'pytorch_metric_learning.{name}')
    except ImportError as error:
        raise ImportError(
            'PMLLoss needs pytorch-metric-learning, which cannot be imported '
            f'({error}): `pip install pytorch-metric-learning`'
        ) from error


def _build(kind: str, config: str | dict) -> nn.Module:
    """Build a class of the library with the classes in its arguments."""
    module = _library(kind)
    args = dict(type=config) if isinstance(config, str) else dict(config)
    name = args.pop('type', None)
    cls = getattr(module, name, None) if isinstance(name, str) else None
    if not inspect.isclass(cls):
        names = [n for n in dir(module) if inspect.isclass(getattr(module, n))]
        names = [n for n in names if n not in UNFIT and not n.startswith('Base')]
        near = difflib.get_close_matches(str(name), names, n=3, cutoff=0.5)
        raise ValueError(
            f'pytorch_metric_learning.{kind} has no {name!r}'
            + (f'; did you mean {", ".join(near)}?' if near else '.')
            + f' It has: {", ".join(names)}'
        )
    if name in UNFIT:
        raise ValueError(f'{name} cannot be a loss on features: {UNFIT[name]}.')
    parts = {key: _part(key, value) for key, value in args.items()}
    try:
        return cls(**parts)
    except (TypeError, ValueError, AssertionError) as error:
        given = ', '.join(f'{k}={v!r}' for k, v in args.items()) or 'no argument'
        raise ValueError(
            f'pytorch_metric_learning refuses {name} with {given}: {error}. It takes '
            f'{inspect.signature(cls.__init__)}'
        ) from error


def _part(argument: str, value: Any) -> Any:
    """Build the class that an argument names; return other values unchanged."""
    if argument == 'weights':  # of ClassWeightedReducer; configs have lists
        return torch.as_tensor(value)
    kind = KINDS.get(argument)
    named = isinstance(value, str) or (isinstance(value, dict) and 'type' in value)
    return _build(kind, value) if kind and named else value
