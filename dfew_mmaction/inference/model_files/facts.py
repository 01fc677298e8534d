"""The description of a network in a model file, as plain data."""

import json
import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from ...clips.sampling import MODES
from ...utils.classes import class_names

#: Key of the facts, a JSON text, in the metadata of a model file:
#: ``meta`` of a .pth, the header of a .safetensors, ``metadata_props`` of an ONNX file.
KEY = 'dfew_mmaction'
FORMAT = 1
#: Limits of a description, far above the values of real networks.
MAX_TEXT = 10_000_000
MAX_CLASSES = 1000
MAX_FRAMES = 1024
MAX_SIDE = 1024
MAX_PIXELS = 64 * 512 * 512
MAX_NUMBER = 1_000_000


@dataclass(frozen=True)
class ModelFacts:
    """Description of a network for aligned faces.

    Attributes:
        classes (tuple[str, ...]): Names of the classes, in the order of the scores.
        num_frames (int): Frames of a clip.
        sampling (str): How clips are brought to ``num_frames``, see
            :class:`.ClipClassifier`.
        input_size (tuple[int, int]): Height and width of the input.
        mean (tuple[float, ...]): Subtracted from each channel, R, G, B in [0, 255].
        std (tuple[float, ...]): Divided by after that.
        source (str): Frame variant of its training, such as ``'16f'``.
        template (list): Positions of eyes, nose and mouth corners in the training data,
            five pairs as shares of the side; empty for those of the release.
        network (dict): ``model`` of the config.
        pipeline (list[dict]): Test pipeline of the config.
        dataset (dict): Name, fold, … of the training set.
        scores (dict): Scores by name, as fractions, and the data on which they were
            measured.
        config (dict): The complete config, for information only.
    """

    classes: tuple[str, ...]
    num_frames: int
    sampling: str
    input_size: tuple[int, int]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    source: str = ''
    template: list[list[float]] = field(default_factory=list)
    network: dict[str, Any] = field(default_factory=dict)
    pipeline: list[dict[str, Any]] = field(default_factory=list)
    dataset: dict[str, Any] = field(default_factory=dict)
    scores: dict[str, Any] = field(default_factory=dict)
    config: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> str:
        """Convert to JSON for :meth:`from_json`.

        Raises:
            ValueError: If it could not be read.
        """
        text = json.dumps(dict(asdict(self), format=FORMAT), sort_keys=True)
        self.from_json(text)
        return text

    @classmethod
    def from_json(cls, text: str) -> 'ModelFacts':
        """Read the JSON of :meth:`to_json`; nothing in it is evaluated.

        Raises:
            ValueError: If it is another text, a field is missing, or a value has
                another type or is out of range.
        """
        try:
            if len(text) > MAX_TEXT:
                raise ValueError(f'{len(text)} characters')
            facts = json.loads(text)
            known = facts.pop('format')
            if known != FORMAT:
                raise ValueError(f'format {known!r}')
            for name in ('classes', 'input_size', 'mean', 'std'):
                if not isinstance(facts[name], list):
                    raise ValueError(f'{name} is not a list')
                facts[name] = tuple(facts[name])
            found = cls(**facts)
            _check_types(found)
            _check_input(found)
            _check_numbers(found)
            return found
        except (
            AttributeError, KeyError, RecursionError, TypeError, ValueError
        ) as error:  # fmt: skip
            raise ValueError(
                f'expected the description of a model, format {FORMAT}, as '
                f'`tools/publish.py` writes it; found {text[:60]!r} ({error})'
            ) from error


def _check_types(facts: ModelFacts) -> None:
    """Check the types of all fields and the displayed texts."""
    if len(facts.classes) > MAX_CLASSES:
        raise ValueError(f'{len(facts.classes)} classes, at most {MAX_CLASSES}')
    if class_names(facts.classes) != facts.classes:
        raise ValueError('classes are not text')
    for name in ('network', 'dataset', 'scores', 'config'):
        if not isinstance(getattr(facts, name), dict):
            raise ValueError(f'{name} is not an object')
    if not isinstance(facts.pipeline, list):
        raise ValueError('pipeline is not a list')
    for step in facts.pipeline:
        if not isinstance(step, dict) or 'type' not in step:
            raise ValueError(f'step {step!r} of the pipeline has no type')
    if not isinstance(facts.source, str):
        raise ValueError('source is not text')
    for value in (facts.source, *_leaves(facts.dataset), *_leaves(facts.scores)):
        _check_printable(value)


def _check_input(facts: ModelFacts) -> None:
    """Check input shape and preprocessing."""
    if facts.sampling not in ('interpolate', *MODES):
        raise ValueError(f'sampling is {facts.sampling!r}')
    _check_whole('num_frames', facts.num_frames, MAX_FRAMES)
    if len(facts.input_size) != 2:
        raise ValueError('input_size is not height and width')
    for side in facts.input_size:
        _check_whole('input_size', side, MAX_SIDE)
    pixels = facts.num_frames * math.prod(facts.input_size)
    if pixels > MAX_PIXELS:
        raise ValueError(f'clips of {pixels} pixels, at most {MAX_PIXELS}')
    for name in ('mean', 'std'):
        values = getattr(facts, name)
        if len(values) not in (1, 3) or not all(map(_is_number, values)):
            raise ValueError(f'{name} is not three numbers')
    if min(facts.std) <= 0:
        raise ValueError('std is not above 0')
    points = facts.template or []
    if points and np.asarray(points, float).shape != (5, 2):
        raise ValueError('template is not five pairs')
    if not all(map(_is_number, _leaves(points))):
        raise ValueError('template is not made of numbers')


def _check_numbers(facts: ModelFacts) -> None:
    """Check the numbers that affect memory and time."""
    for part in (facts.network, facts.pipeline, facts.template, facts.scores):
        for value in _leaves(part):
            if isinstance(value, (int, float)) and not abs(value) <= MAX_NUMBER:
                raise ValueError(f'the number {value}, at most {MAX_NUMBER}')
    for step in facts.pipeline:
        for value in _leaves(step):
            if isinstance(value, int) and abs(value) > MAX_SIDE:
                raise ValueError(f'{value} in {step["type"]}, at most {MAX_SIDE}')
        if step.get('clip_len', facts.num_frames) != facts.num_frames:
            raise ValueError(f'clip_len {step["clip_len"]}, num_frames differ')


def _check_printable(value: Any) -> None:
    if isinstance(value, str) and not value.isprintable():
        raise ValueError(f'{value!r} has control characters')


def _check_whole(name: str, value: Any, most: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise ValueError(f'{name} is {value!r}, expected 1 to {most}')


def _is_number(value: Any) -> bool:
    is_real = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_real and math.isfinite(value)


def _leaves(value: Any) -> Iterator[Any]:
    """Yield the plain values of nested containers."""
    if isinstance(value, dict):
        for part in value.values():
            yield from _leaves(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _leaves(part)
    else:
        yield value
