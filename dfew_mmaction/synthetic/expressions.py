"""The seven expressions as action units over time.

Action units (AU) follow the Facial Action Coding System: the number identifies a muscle
movement, the intensity is from 0 (at rest) to 1 (maximal).
"""

from collections.abc import Sequence

import numpy as np

from dfew_mmaction.utils import CLASSES

from . import timing

#: Available action units; au43 closes the eyes.
ACTION_UNITS = (
    'au1', 'au2', 'au4', 'au5', 'au6', 'au7', 'au9', 'au10', 'au12', 'au15', 'au17',
    'au20', 'au23', 'au25', 'au26', 'au43',
)  # fmt: skip

# Each variant of an expression: action unit -> (probability, least and greatest share
# of the clip's peak).
_VARIANTS: dict[str, list[dict[str, tuple[float, float, float]]]] = {
    'happy': [
        {
            'au6': (0.95, 0.6, 1.0), 'au12': (1.0, 0.85, 1.0),
            'au25': (0.7, 0.4, 1.0), 'au26': (0.2, 0.2, 0.4),
        },
    ],
    'sad': [
        {
            'au1': (1.0, 0.8, 1.0), 'au4': (0.9, 0.4, 0.7), 'au15': (1.0, 0.75, 1.0),
            'au17': (0.6, 0.4, 0.9), 'au43': (0.6, 0.2, 0.4),
        },
    ],
    'neutral': [{}],
    'angry': [
        {
            'au4': (1.0, 0.85, 1.0), 'au5': (0.6, 0.3, 0.7), 'au7': (0.9, 0.5, 0.9),
            'au23': (1.0, 0.7, 1.0), 'au17': (0.3, 0.2, 0.5),
        },
        {
            'au4': (1.0, 0.85, 1.0), 'au5': (0.6, 0.3, 0.7), 'au7': (0.9, 0.5, 0.9),
            'au23': (0.6, 0.2, 0.4), 'au25': (1.0, 0.8, 1.0), 'au10': (0.5, 0.2, 0.4),
            'au26': (0.4, 0.1, 0.35),
        },
    ],
    'surprise': [
        {
            'au1': (1.0, 0.85, 1.0), 'au2': (1.0, 0.85, 1.0), 'au5': (0.9, 0.6, 1.0),
            'au26': (0.95, 0.6, 1.0), 'au25': (0.9, 0.2, 0.5),
        },
    ],
    'disgust': [
        {
            'au9': (1.0, 0.8, 1.0), 'au10': (0.95, 0.75, 1.0),
            'au17': (0.5, 0.4, 0.8), 'au15': (0.4, 0.3, 0.6), 'au4': (0.5, 0.3, 0.6),
            'au7': (0.4, 0.3, 0.6), 'au25': (0.3, 0.3, 0.6),
        },
    ],
    'fear': [
        {
            'au1': (1.0, 0.85, 1.0), 'au2': (0.9, 0.4, 0.7), 'au4': (1.0, 0.6, 0.9),
            'au5': (1.0, 0.7, 1.0), 'au20': (1.0, 0.75, 1.0), 'au25': (0.9, 0.5, 0.9),
            'au26': (0.4, 0.1, 0.35),
        },
    ],
}  # fmt: skip

# Frames (25 a second) from rest to apex; the ranges overlap on purpose.
_ONSET = {'sad': (10, 26), 'surprise': (4, 10)}
_ONSET_DEFAULT = (6, 18)


def apex(
    expression: str, rng: np.random.Generator | None = None, peak: float = 1.0
) -> dict[str, float]:
    """Action units of an expression at its apex.

    Args:
        expression (str): One of :data:`CLASSES`.
        rng (np.random.Generator, optional): Draws the variant, its units and their
            intensities. Defaults to None: the first variant with all usual units at
            full intensity.
        peak (float): Intensity of the expression, 0 to 1. Defaults to 1.0.

    Returns:
        dict[str, float]: Intensities from 0 to 1 by name of the action unit; inactive
        units are left out.

    Raises:
        ValueError: If the expression is unknown.
    """
    if expression not in _VARIANTS:
        raise ValueError(f'expression must be one of {CLASSES}, got {expression!r}')
    variants = _VARIANTS[expression]
    if rng is None:
        units = variants[0].items()
        return {name: peak * high for name, (often, _, high) in units if often >= 0.5}
    chosen = variants[rng.integers(len(variants))]
    drawn = {}
    for name, (often, low, high) in chosen.items():
        takes_part, share = rng.random() < often, rng.uniform(low, high)
        if takes_part:
            drawn[name] = peak * share
    return drawn


def sample_peak(rng: np.random.Generator) -> float:
    """Draw the intensity of an expression: 0.4 to 1, mostly above 0.6."""
    return float(0.4 + 0.6 * rng.beta(3.0, 0.8))


def perform(
    rng: np.random.Generator,
    expressions: Sequence[str],
    num_frames: int,
    peak: float,
) -> np.ndarray:
    """Simulate the action units of a clip: expressions, blinks, speech, twitches.

    The probabilities of blinks, speech, small twitches and raised brows are the same
    for all expressions, so that they are not informative.

    Args:
        rng (np.random.Generator): Source of randomness.
        expressions (Sequence[str]): One expression, or two that share the clip.
        num_frames (int): Number of frames, at least 1.
        peak (float): Intensity at the apex, 0 to 1; two expressions in one clip are
            weaker.

    Returns:
        np.ndarray: Intensities of shape (num_frames, len(ACTION_UNITS), 2), float64,
        0 to 1, for the left and the right side of the picture.
    """
    units = np.zeros((num_frames, len(ACTION_UNITS), 2))
    if len(expressions) > 1:
        peak = 0.75 * peak
    for expression in expressions:
        onset = rng.uniform(*_ONSET.get(expression, _ONSET_DEFAULT))
        course = timing.Course.sample(rng, num_frames, onset)
        lopsided = rng.normal(0, 0.1)
        for name, intensity in apex(expression, rng, peak).items():
            lag = rng.uniform(-0.12, 0.12) * onset
            level = course.levels(lag)
            sides = np.clip([1 - lopsided, 1 + lopsided], 0.6, 1)
            units[:, ACTION_UNITS.index(name)] += intensity * level[:, None] * sides
    _add_life(rng, units)
    return np.clip(units, 0, 1)


def _add_life(rng: np.random.Generator, units: np.ndarray) -> None:
    """Add blinks, speech and twitches to ``units`` in place."""
    num_frames, num_units, _ = units.shape
    for index in range(num_units - 1):
        twitch = timing.wander(rng, num_frames, rng.uniform(8, 25))
        units[:, index] += 0.05 * np.maximum(twitch - 0.5, 0)[:, None]
    if rng.random() < 0.35:
        speech = timing.speech(rng, num_frames)
        units[:, ACTION_UNITS.index('au25')] += 0.45 * speech[:, None]
        units[:, ACTION_UNITS.index('au26')] += 0.32 * speech[:, None]
    if rng.random() < 0.25:
        flash = 0.35 * timing.bump(num_frames, rng.uniform(0, num_frames), 8)
        for name in ('au1', 'au2'):
            units[:, ACTION_UNITS.index(name)] += flash[:, None]
    shut = ACTION_UNITS.index('au43')
    blinks = timing.blinks(rng, num_frames)
    units[:, shut] = np.maximum(units[:, shut], blinks[:, None])
