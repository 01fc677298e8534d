"""What a model file says of itself, as plain data."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

#: Under this name the facts lie, as one JSON text, in the metadata of a model file:
#: ``meta`` of a .pth, the header of a .safetensors, ``metadata_props`` of an ONNX file.
KEY = 'dfew_mmaction'
FORMAT = 1


@dataclass(frozen=True)
class ModelFacts:
    """All that has to be known to use a network on aligned faces.

    Attributes:
        classes (tuple[str, ...]): Names of the classes, in the order of the scores.
        num_frames (int): Frames of a clip.
        sampling (str): How clips are brought to them, see :class:`.ClipClassifier`.
        input_size (tuple[int, int]): Height and width that the network sees.
        mean (tuple[float, ...]): Subtracted from each channel, R, G, B in [0, 255].
        std (tuple[float, ...]): Divided by after that.
        source (str): Variant of the frames that it was trained on, such as ``'16f'``.
        template (list): Where the training data has eyes, nose and mouth corners, five
            pairs as shares of the side; empty: where the release has them.
        network (dict): ``model`` of the config.
        pipeline (list[dict]): Test pipeline of the config.
        dataset (dict): Name, fold, … of what it was trained on.
        scores (dict): Scores by name, as fractions, and what they were measured on.
        config (dict): The whole config, resolved; for reading, never built from.
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
        """As text that :meth:`from_json` reads."""
        return json.dumps(dict(asdict(self), format=FORMAT), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> 'ModelFacts':
        """Read what :meth:`to_json` wrote. Nothing of it is evaluated.

        Raises:
            ValueError: If it is no such text, or lacks something.
        """
        try:
            facts = json.loads(text)
            known = facts.pop('format')
            if known != FORMAT:
                raise ValueError(f'format {known!r}')
            for name in ('classes', 'input_size', 'mean', 'std'):
                facts[name] = tuple(facts[name])
            points = facts.get('template') or []
            if points and np.asarray(points, float).shape != (5, 2):
                raise ValueError('template is not five pairs')
            for step in facts.get('pipeline') or []:
                if not isinstance(step, dict) or 'type' not in step:
                    raise ValueError(f'step {step!r} of the pipeline has no type')
            return cls(**facts)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValueError(
                f'expected the description of a model, format {FORMAT}, as '
                f'`tools/publish.py` writes it; found {text[:60]!r} ({error})'
            ) from error
