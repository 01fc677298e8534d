"""The check that a checkpoint fills a network."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from mmengine.runner import CheckpointLoader
from torch import nn

Shape = tuple[int, ...]


class Mismatch(NamedTuple):
    """A weight whose shape differs between a network and a checkpoint.

    Attributes:
        name (str): Name of the weight in the network.
        expected (tuple[int, ...], optional): Its shape in the network; None for a
            weight that only the checkpoint has.
        found (tuple[int, ...], optional): Its shape in the checkpoint; None if it is
            missing.
    """

    name: str
    expected: Shape | None
    found: Shape | None


def mismatched_weights(
    model: nn.Module, state_dict: Mapping[str, Any]
) -> list[Mismatch]:
    """Compare the names and shapes of weights with those of a network.

    Batch counters, which checkpoints from before torch 0.4.1 lack, and weights of
    feature losses, which do not affect scores, may differ.

    Args:
        model (nn.Module): The network; it may be on the meta device.
        state_dict (Mapping[str, Any]): The weights; names may begin with ``module.``.

    Returns:
        list[Mismatch]: Missing weights, additional weights and weights of another
        shape, sorted by name.
    """
    expected = {name: tuple(value.shape) for name, value in model.state_dict().items()}
    found = {
        name.removeprefix('module.'): tuple(getattr(value, 'shape', ()))
        for name, value in state_dict.items()
    }
    return [
        Mismatch(name, expected.get(name), found.get(name))
        for name in sorted({*expected, *found})
        if expected.get(name) != found.get(name) and not _may_differ(name)
    ]


def _may_differ(name: str) -> bool:
    return name.endswith('num_batches_tracked') or name.startswith(
        'cls_head.feature_losses.'
    )


def check_fills(model: nn.Module, state_dict: Mapping[str, Any], source: str) -> None:
    """Refuse a checkpoint that does not fill a network; more weights are allowed.

    Args:
        model (nn.Module): The network.
        state_dict (Mapping[str, Any]): The weights.
        source (str): Their origin for the message, such as a path.

    Raises:
        ValueError: If a weight is missing in the checkpoint or has another shape; the
            message names the first ten.
    """
    mismatches = mismatched_weights(model, state_dict)
    lacking = [m for m in mismatches if m.expected is not None]
    if not lacking:
        return
    first = ''.join(
        f'\n  {m.name} {m.expected}'
        + (f', found {m.found}' if m.found is not None else '')
        for m in lacking[:10]
    )
    raise ValueError(
        f'{source} does not fill the network: {len(lacking)} of '
        f'{len(model.state_dict())} weights are missing in it or have another shape:'
        f'{first}\nUse the checkpoint with the config that it was trained with.'
    )


def check_fits_at_all(
    model: nn.Module, state_dict: Mapping[str, Any], source: str
) -> None:
    """Refuse a checkpoint of which no weight has a name and shape of the network.

    Args:
        model (nn.Module): The network.
        state_dict (Mapping[str, Any]): The weights.
        source (str): Their origin for the message, such as a path.

    Raises:
        ValueError: If none fits; the message has names of both.
    """
    expected = [name for name in model.state_dict() if not _may_differ(name)]
    lacking = {m.name for m in mismatched_weights(model, state_dict)}
    if expected and lacking.issuperset(expected):
        raise ValueError(
            f'{source} has none of the weights of the network, which would stay '
            f'random: the network has {", ".join(expected[:3])}, …, the checkpoint '
            f'{", ".join(list(state_dict)[:3]) or "nothing"}, …'
        )


def load_weights(model: nn.Module, path: str | Path) -> None:
    """Load a checkpoint that fills a network; MMEngine loads parts of any.

    Args:
        model (nn.Module): The network.
        path (str | Path): The checkpoint.

    Raises:
        RuntimeError: If it is truncated or contains foreign code.
        ValueError: If it does not fill the network.
    """
    loaded = CheckpointLoader.load_checkpoint(str(path), 'cpu', logger='silent')
    weights = loaded.get('state_dict', loaded) if isinstance(loaded, dict) else {}
    check_fills(model, weights, f"the checkpoint '{path}'")
    plain = {name.removeprefix('module.'): value for name, value in weights.items()}
    model.load_state_dict(plain, strict=False)
