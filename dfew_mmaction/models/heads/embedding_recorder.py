"""The input of the classifier of any head: the embedding."""

from typing import Any

import torch
from mmaction.models.heads import FeatureHead, OmniHead, RGBPoseHead, TRNHead
from torch import Tensor, nn
from torch.nn.modules.dropout import _DropoutNd

Layers = list[tuple[str, nn.Linear]]


def classifier_layers(head: nn.Module, name: str | None = None) -> Layers:
    """Find the linear layers that compute a head's scores: one, except in two heads.

    ``TRNHead`` adds the scores of one layer per scale; ``OmniHead`` has one for images
    and one for videos. In other heads it is ``fc_cls``, or the linear layer with as
    many outputs as there are classes.

    Args:
        head (nn.Module): A head with the interface of MMAction2's heads.
        name (str, optional): The layer's name in the head, such as ``'fc_out'``, if it
            cannot be inferred.

    Returns:
        list[tuple[str, nn.Linear]]: Names and layers.

    Raises:
        ValueError: If there is no classifier or more than one.
    """
    kind = type(head).__name__
    if isinstance(head, FeatureHead):
        raise ValueError(
            f'{kind} has no classifier: its output is the feature itself, and it is '
            'not trained'
        )
    if isinstance(head, RGBPoseHead):
        raise ValueError(
            f'{kind} scores two streams by a classifier each: there is no embedding '
            'that both take in'
        )
    linear = {
        path: layer
        for path, layer in head.named_modules()
        if isinstance(layer, nn.Linear) and not path.startswith('feature_losses.')
    }
    if name is not None:
        if name not in linear:
            raise ValueError(
                f'{kind} has no linear layer {name!r}; it has {list(linear)}'
            )
        return [(name, linear[name])]
    classes = getattr(head, 'num_classes', None)
    if isinstance(head, TRNHead):
        # Each relation is a multi-layer perceptron, of which this is the last layer.
        ends = [path for path in linear if path.startswith('consensus.')][1::2]
    elif isinstance(head, OmniHead):
        ends = [f'fc2d.{len(head.fc2d) - 1}', f'fc3d.{len(head.fc3d) - 1}']
    else:
        ends = [p for p in linear if linear[p].out_features == classes]
        ends = ['fc_cls'] if 'fc_cls' in ends else ends
        if len(ends) != 1:
            found = ', '.join(f'{p} ({linear[p].out_features})' for p in linear)
            advice = f'. Name it, such as classifier={ends[-1]!r}' if ends else ''
            raise ValueError(
                f'{kind}: expected one linear layer with {classes} outputs, the '
                f'classifier, whose input is the embedding; there are {len(ends)} '
                f'(linear layers and their outputs: {found or "none"}){advice}'
            )
    return [(path, linear[path]) for path in ends]


class EmbeddingRecorder:
    """Context manager that records the input of the classifier of a head.

    In testing, the embedding is the input of the classifier. In training, it is the
    input of the dropout before it: distances between vectors with random zeros are
    mostly due to the zeros. If a head scores each segment and averages the scores
    (``TSMHead``), the embedding is the average of the segments, from which the linear
    layer computes the average score.

    Args:
        head (nn.Module): See :func:`classifier_layers`.
        name (str, optional): See :func:`classifier_layers`.

    Raises:
        ValueError: If the head does not have exactly one classifier.

    Examples:
        >>> from mmaction.models.heads import I3DHead
        >>> head = I3DHead(num_classes=7, in_channels=16)
        >>> with EmbeddingRecorder(head) as watched:
        ...     scores = head(torch.rand(2, 16, 4, 8, 8))
        ...     watched.embedding().shape
        torch.Size([2, 16])
    """

    def __init__(self, head: nn.Module, name: str | None = None) -> None:
        self.head, self.layers = head, classifier_layers(head, name)

    def __enter__(self) -> 'EmbeddingRecorder':
        self._begin()
        self._handles = [
            self.head.register_forward_pre_hook(self._begin),
            self.head.register_forward_hook(self._end),
        ]
        for _, layer in self.layers:
            self._handles.append(layer.register_forward_pre_hook(self._take))
        for module in self.head.modules():
            if isinstance(module, _DropoutNd):
                self._handles.append(module.register_forward_hook(self._drop))
        return self

    def __exit__(self, *error: Any) -> None:
        for handle in self._handles:
            handle.remove()
        self._begin()

    def embedding(self) -> Tensor:
        """Embedding of the last forward pass.

        Returns:
            torch.Tensor: Shape (N, D), one row per row of scores. Inputs of several
            layers are concatenated; those of a layer that is called several times are
            added, as their scores are.

        Raises:
            ValueError: If the classifier was not called.
        """
        taken = [self._inputs[x] for _, x in self.layers if x in self._inputs]
        if not taken:
            names = ' and '.join(name for name, _ in self.layers)
            raise ValueError(
                f'{type(self.head).__name__} scored without its classifier, {names}, '
                'so that there is no embedding. Does test_cfg ask for fcn_test?'
            )
        rows = torch.cat(taken, dim=1)
        if self._scores == 0 or len(rows) % self._scores:
            raise ValueError(
                f'{type(self.head).__name__}: {len(rows)} rows went into the '
                f'classifier, which is no multiple of the {self._scores} rows of scores'
            )
        return rows.reshape(self._scores, -1, rows.shape[1]).mean(dim=1)

    def inputs(self) -> list[Tensor]:
        """The tensors that the last embedding was computed from, as they are.

        Gradients of losses with respect to these are comparable: the classification
        loss and the feature losses both depend on them.
        """
        return list(self._recorded)

    def scores(self) -> Tensor:
        """Scores of the last forward pass, detached, shape (N, num_classes)."""
        return self._result

    def _begin(self, *call: Any) -> None:
        self._recorded: list[Tensor] = []
        self._inputs: dict[nn.Module, Tensor] = {}
        self._dropped: tuple[Tensor, Tensor] | None = None
        self._scores, self._result = 0, torch.empty(0)

    def _end(self, head: nn.Module, given: tuple, scores: Tensor) -> None:
        self._scores, self._result = len(scores), scores.detach()

    def _drop(self, dropout: nn.Module, given: tuple, result: Tensor) -> None:
        self._dropped = given[0], result

    def _take(self, layer: nn.Module, given: tuple) -> None:
        source, shape = given[0], given[0].shape
        if self._dropped is not None:
            before, after = self._dropped
            # The dropout's output may have been reshaped since.
            if source is after or source._base is after:
                source = before
        self._recorded.append(source)
        x = source.reshape(-1, shape[-1])
        seen = self._inputs.get(layer)
        self._inputs[layer] = x if seen is None else seen + x
