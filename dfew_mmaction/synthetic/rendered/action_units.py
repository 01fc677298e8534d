"""Action units of the Facial Action Coding System as shapes of the face model."""

from collections.abc import Sequence

import numpy as np

#: Action unit -> shapes of the model and their strength at full intensity. A name
#: without a side means both sides if the model has them.
SHAPES: dict[str, dict[str, float]] = {
    'au1': {'browInnerUp': 1.1},
    'au2': {'browOuterUp': 1.0},
    'au4': {'browDown': 1.75, 'noseSneer': 0.08},
    'au5': {'eyeWide': 1.2},
    'au6': {'cheekSquint': 0.8, 'cheekRaiser': 0.7, 'eyeSquint': 0.35},
    'au7': {'eyeSquint': 1.0, 'eyeBlink': 0.12},
    'au9': {'noseSneer': 1.2, 'browDown': 0.25, 'cheekSquint': 0.2},
    'au10': {'mouthUpperUp': 1.0, 'noseSneer': 0.25},
    'au12': {'mouthSmile': 1.0},
    'au14': {'mouthDimple': 1.0},
    'au15': {'mouthFrown': 1.2},
    'au16': {'mouthLowerDown': 1.0},
    'au17': {'mouthShrugLower': 0.9, 'mouthShrugUpper': 0.35},
    'au18': {'mouthPucker': 0.8},
    'au20': {'mouthStretch': 1.1},
    'au22': {'mouthFunnel': 0.8},
    'au23': {'mouthPress': 0.5, 'mouthRollLower': 0.35, 'mouthRollUpper': 0.35,
             'mouthPucker': 0.12},
    'au24': {'mouthPress': 1.0, 'mouthRollLower': 0.45, 'mouthRollUpper': 0.45},
    'au25': {'mouthLowerDown': 0.45, 'mouthUpperUp': 0.22, 'jawOpen': 0.08},
    'au26': {'jawOpen': 0.4},
    'au27': {'jawOpen': 0.55},
    'au28': {'mouthRollLower': 0.9, 'mouthRollUpper': 0.9},
    'au29': {'jawForward': 0.8},
    'au34': {'cheekPuff': 0.8},
    'au43': {'eyeBlink': 1.0},
}  # fmt: skip

ACTION_UNITS = tuple(SHAPES)


def unit_index(name: str) -> int:
    """Column of an action unit in the arrays of this package."""
    return ACTION_UNITS.index(name)


def shape_matrix(expression_names: Sequence[str]) -> np.ndarray:
    """Make the matrix from action units to shapes.

    Args:
        expression_names (Sequence[str]): Names of the model's shapes.

    Returns:
        np.ndarray: Shape (2, len(ACTION_UNITS), len(expression_names)), float32:
        contributions of the person's left (0) and right (1) half of each action unit.

    Raises:
        ValueError: If the model lacks a shape.
    """
    places = {name: index for index, name in enumerate(expression_names)}
    matrix = np.zeros((2, len(ACTION_UNITS), len(places)), np.float32)
    for row, shapes in enumerate(SHAPES.values()):
        for name, strength in shapes.items():
            if f'{name}_L' in places:
                matrix[0, row, places[f'{name}_L']] = strength
                matrix[1, row, places[f'{name}_R']] = strength
            elif name in places:
                matrix[:, row, places[name]] = strength / 2
            else:
                raise ValueError(
                    f"the face model has no shape '{name}'; it has {sorted(places)}"
                )
    return matrix


def shape_weights(
    units: np.ndarray, matrix: np.ndarray, expression_names: Sequence[str]
) -> np.ndarray:
    """Compute the weights of the model's shapes for a performance.

    Args:
        units (np.ndarray): Intensities, (T, len(ACTION_UNITS), 2).
        matrix (np.ndarray): See :func:`shape_matrix`.
        expression_names (Sequence[str]): Names of the model's shapes.

    Returns:
        np.ndarray: Shape (T, len(expression_names)), float32, at least 0.
    """
    weights = units[..., 0] @ matrix[0] + units[..., 1] @ matrix[1]
    places = {name: index for index, name in enumerate(expression_names)}
    parting = [unit_index(f'au{number}') for number in (16, 20, 25, 26, 27)]
    shut = 1 - np.clip(4 * units[:, parting].mean(2).sum(1), 0, 1)
    for side in 'LR':
        blink = weights[:, places[f'eyeBlink_{side}']]
        np.clip(blink, 0, 1.0, out=blink)
        # Closing the eye overrides wide or narrow eyes.
        for name in ('eyeWide', 'eyeSquint'):
            weights[:, places[f'{name}_{side}']] *= 1 - blink
        # A brow cannot be fully raised and lowered at the same time.
        down = weights[:, places[f'browDown_{side}']]
        up = weights[:, places[f'browInnerUp_{side}']]
        down -= 0.45 * np.minimum(down, up)
        # Lips stay closed when the upper one is raised, unless a unit parts them.
        raised = weights[:, places[f'mouthUpperUp_{side}']]
        kept = shut * np.clip(raised, 0, 1)
        weights[:, places['mouthShrugLower']] += 0.2 * kept
        raised -= 0.55 * kept
    # An open jaw parts pressed lips.
    jaw = np.clip(weights[:, places['jawOpen']], 0, 1.1)
    weights[:, places['jawOpen']] = jaw
    apart = 1 - np.clip(2.5 * jaw, 0, 0.85)
    for name in ('mouthPress_L', 'mouthPress_R', 'mouthShrugLower'):
        weights[:, places[name]] *= apart
    return np.maximum(weights, 0).astype(np.float32)
