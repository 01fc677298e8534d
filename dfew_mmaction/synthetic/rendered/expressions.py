"""Prototypes of the seven expressions by action units, and their variants.

The prototypes follow the EMFACS tables (Ekman, Friesen and Hager, "Facial Action Coding
System: Investigator's Guide", 2002, table 10-2), with the major variants of posed and
spontaneous expressions.
"""

from collections.abc import Sequence

import numpy as np

from dfew_mmaction.utils import CLASSES

from .. import timing
from .action_units import ACTION_UNITS, unit_index

# A variant: its weight, then action unit -> (probability, least and greatest share of
# the peak).
_Variant = tuple[float, dict[str, tuple[float, float, float]]]

VARIANTS: dict[str, list[_Variant]] = {
    'happy': [
        (3, {'au6': (0.9, 0.5, 1.0), 'au12': (1, 0.8, 1.1), 'au25': (0.9, 0.5, 1.1),
             'au7': (0.2, 0.1, 0.4), 'au26': (0.25, 0.1, 0.5)}),
        (2, {'au12': (1, 0.6, 1.0), 'au6': (0.55, 0.2, 0.7)}),
        (1, {'au12': (1, 0.8, 1.1), 'au6': (0.9, 0.5, 1.0), 'au25': (1, 0.6, 1.0),
             'au26': (1, 0.4, 1.1), 'au1': (0.2, 0.1, 0.4), 'au2': (0.2, 0.1, 0.4)}),
        (0.7, {'au12': (1, 0.35, 0.6), 'au25': (0.4, 0.2, 0.5),
               'au14': (0.2, 0.1, 0.3)}),
    ],
    'sad': [
        (3, {'au1': (1, 0.7, 1.1), 'au4': (0.8, 0.3, 0.8), 'au15': (1, 0.6, 1.1),
             'au17': (0.6, 0.3, 0.9), 'au7': (0.2, 0.1, 0.4)}),
        (2, {'au15': (1, 0.6, 1.1), 'au17': (0.75, 0.4, 1.0), 'au4': (0.4, 0.2, 0.5),
             'au1': (0.5, 0.2, 0.6), 'au43': (0.4, 0.1, 0.4)}),
        (1.3, {'au1': (1, 0.7, 1.1), 'au4': (0.9, 0.3, 0.7), 'au15': (0.4, 0.2, 0.5),
               'au17': (0.3, 0.2, 0.5), 'au43': (0.4, 0.15, 0.4)}),
        (0.8, {'au1': (0.9, 0.5, 1.0), 'au4': (1, 0.4, 0.9), 'au6': (0.6, 0.3, 0.7),
               'au15': (0.9, 0.5, 1.0), 'au20': (0.6, 0.3, 0.7),
               'au25': (0.9, 0.4, 0.9), 'au43': (0.6, 0.3, 1.0),
               'au17': (0.4, 0.3, 0.6)}),
        (0.8, {'au1': (0.8, 0.4, 1.0), 'au4': (0.6, 0.2, 0.6), 'au15': (0.9, 0.5, 1.0),
               'au17': (0.8, 0.4, 1.0), 'au24': (0.4, 0.2, 0.6)}),
    ],
    'neutral': [(1, {})],
    'angry': [
        (3, {'au4': (1, 0.9, 1.25), 'au5': (0.35, 0.2, 0.6), 'au7': (0.8, 0.4, 1.0),
             'au23': (0.6, 0.5, 1.0), 'au24': (0.7, 0.5, 1.1),
             'au17': (0.5, 0.2, 0.7)}),
        (1.7, {'au4': (1, 0.9, 1.25), 'au7': (0.7, 0.4, 0.9), 'au24': (1, 0.6, 1.1),
               'au17': (0.7, 0.4, 0.9), 'au15': (0.25, 0.15, 0.45)}),
        (1, {'au4': (1, 0.9, 1.25), 'au5': (0.45, 0.2, 0.7), 'au7': (0.7, 0.3, 0.9),
             'au10': (0.6, 0.2, 0.6), 'au25': (1, 0.6, 1.1), 'au26': (0.5, 0.2, 0.8),
             'au16': (0.3, 0.2, 0.6), 'au23': (0.4, 0.2, 0.5)}),
        (0.5, {'au4': (1, 0.9, 1.25), 'au5': (0.4, 0.2, 0.7), 'au7': (0.6, 0.3, 0.9),
               'au10': (0.7, 0.3, 0.8), 'au25': (1, 0.7, 1.1), 'au26': (1, 0.5, 1.3),
               'au22': (0.4, 0.2, 0.6)}),
        (0.9, {'au4': (1, 0.9, 1.3), 'au7': (0.9, 0.5, 1.0), 'au5': (0.3, 0.1, 0.5),
               'au29': (0.3, 0.2, 0.6), 'au23': (0.4, 0.2, 0.6)}),
    ],
    'surprise': [
        (3, {'au1': (1, 0.8, 1.2), 'au2': (1, 0.8, 1.2), 'au5': (0.9, 0.5, 1.1),
             'au25': (0.9, 0.2, 0.5), 'au26': (1, 0.6, 1.1), 'au27': (0.5, 0.4, 1.1)}),
        (1, {'au1': (1, 0.8, 1.2), 'au2': (1, 0.8, 1.2), 'au5': (0.9, 0.5, 1.1),
             'au26': (0.7, 0.2, 0.5), 'au25': (0.7, 0.2, 0.5)}),
        (0.8, {'au1': (0.7, 0.4, 1.0), 'au2': (0.7, 0.4, 1.0), 'au5': (0.9, 0.4, 1.0),
               'au26': (1, 0.8, 1.2), 'au27': (0.8, 0.4, 1.0),
               'au18': (0.3, 0.2, 0.5)}),
    ],
    'disgust': [
        (3, {'au9': (1, 0.7, 1.2), 'au10': (0.5, 0.2, 0.5), 'au4': (0.6, 0.3, 0.9),
             'au7': (0.6, 0.3, 0.9), 'au17': (0.8, 0.4, 1.0), 'au6': (0.4, 0.2, 0.6),
             'au15': (0.3, 0.2, 0.5), 'au24': (0.15, 0.2, 0.5)}),
        (1.5, {'au9': (0.9, 0.6, 1.2), 'au10': (1, 0.6, 1.1), 'au25': (0.9, 0.4, 0.9),
               'au4': (0.5, 0.3, 0.8), 'au7': (0.5, 0.3, 0.8), 'au6': (0.4, 0.2, 0.7),
               'au26': (0.2, 0.1, 0.4), 'au16': (0.3, 0.2, 0.6)}),
        (1, {'au10': (1, 0.7, 1.1), 'au9': (0.5, 0.3, 0.6), 'au17': (0.8, 0.4, 1.0),
             'au15': (0.6, 0.3, 0.8), 'au7': (0.4, 0.2, 0.6)}),
    ],
    'fear': [
        (3, {'au1': (1, 0.8, 1.2), 'au2': (0.7, 0.3, 0.8), 'au4': (0.9, 0.4, 0.9),
             'au5': (0.95, 0.6, 1.2), 'au20': (0.9, 0.6, 1.2), 'au25': (0.9, 0.4, 1.0),
             'au26': (0.5, 0.2, 0.7), 'au7': (0.2, 0.1, 0.4)}),
        (1.2, {'au1': (1, 0.8, 1.2), 'au2': (0.5, 0.2, 0.6), 'au4': (1, 0.5, 1.0),
               'au5': (0.7, 0.4, 1.0), 'au25': (1, 0.5, 1.0), 'au20': (0.6, 0.3, 0.9),
               'au26': (0.7, 0.3, 0.8)}),
        (0.8, {'au1': (1, 0.8, 1.2), 'au2': (0.6, 0.3, 0.8), 'au4': (0.9, 0.5, 0.9),
               'au5': (1, 0.6, 1.2), 'au20': (0.7, 0.4, 1.0)}),
    ],
}  # fmt: skip

# Frames (25 a second) from rest to apex; the ranges overlap on purpose.
_ONSET = {'sad': (10, 26), 'surprise': (4, 10)}
_ONSET_DEFAULT = (6, 18)


def prototype(
    expression: str, rng: np.random.Generator, peak: float, style: np.ndarray
) -> dict[str, float]:
    """Draw action units of an expression at its apex.

    Args:
        expression (str): One of the seven classes.
        rng (np.random.Generator): Draws the variant, its units and their intensities,
            and rarely a weak unrelated unit.
        peak (float): Intensity of the expression, 0 to 1.2.
        style (np.ndarray): Factors of the person, (len(ACTION_UNITS),).

    Returns:
        dict[str, float]: Intensities by name of the action unit.

    Raises:
        ValueError: If the expression is unknown.
    """
    if expression not in VARIANTS:
        raise ValueError(f'expression must be one of {CLASSES}, got {expression!r}')
    variants = VARIANTS[expression]
    shares = np.array([share for share, _ in variants])
    _, chosen = variants[rng.choice(len(variants), p=shares / shares.sum())]
    drawn = {}
    for name, (often, low, high) in chosen.items():
        takes_part, share = rng.random() < often, rng.uniform(low, high)
        if takes_part:
            drawn[name] = peak * share * style[unit_index(name)]
    if drawn and rng.random() < 0.2:
        extra = str(rng.choice(['au2', 'au7', 'au14', 'au17', 'au25']))
        drawn[extra] = drawn.get(extra, 0.0) + peak * rng.uniform(0.05, 0.2)
    return drawn


def perform(
    rng: np.random.Generator,
    expressions: Sequence[str],
    num_frames: int,
    peak: float,
    style: np.ndarray,
) -> np.ndarray:
    """Simulate the action units of a clip: expressions, blinks, speech, twitches.

    Args:
        rng (np.random.Generator): Source of randomness.
        expressions (Sequence[str]): One expression, or two that share the clip.
        num_frames (int): Number of frames at 25 per second.
        peak (float): Intensity at the apex, 0 to 1.2.
        style (np.ndarray): See :func:`prototype`.

    Returns:
        np.ndarray: Intensities, (num_frames, len(ACTION_UNITS), 2), float64, 0 to
        1.3, for the person's left and right side.
    """
    units = np.zeros((num_frames, len(ACTION_UNITS), 2))
    peak = peak if len(expressions) == 1 else 0.75 * peak
    for expression in expressions:
        onset = rng.uniform(*_ONSET.get(expression, _ONSET_DEFAULT))
        course = timing.Course.sample(rng, num_frames, onset)
        lopsided = rng.normal(0, 0.12)
        for name, intensity in prototype(expression, rng, peak, style).items():
            levels = course.levels(rng.uniform(-0.12, 0.12) * onset)
            own = lopsided + rng.normal(0, 0.06)
            sides = np.clip([1 - own, 1 + own], 0.5, 1.25)
            units[:, unit_index(name)] += intensity * levels[:, None] * sides
    _add_life(rng, units, talks=rng.random() < 0.3)
    return np.clip(units, 0, 1.3)


def near_apex(units: np.ndarray) -> np.ndarray:
    """Find the frames with at least 60 % of the strongest expression.

    Blinks and units of speech are ignored.

    Args:
        units (np.ndarray): See :func:`perform`.

    Returns:
        np.ndarray: Shape (T,), bool.
    """
    speech = [unit_index(name) for name in ('au18', 'au25', 'au26', 'au43')]
    level = np.delete(units, speech, axis=1).mean(2).sum(1)
    return level >= 0.6 * level.max()


def _add_life(rng: np.random.Generator, units: np.ndarray, talks: bool) -> None:
    """Add blinks, speech and twitches to ``units`` in place."""
    num_frames, num_units, _ = units.shape
    for index in range(num_units - 1):
        twitch = timing.wander(rng, num_frames, rng.uniform(8, 25))
        units[:, index] += 0.04 * np.maximum(twitch - 0.5, 0)[:, None]
    if talks:
        amount = rng.uniform(0.3, 1.0)
        for name, most in (('au25', 0.5), ('au26', 0.45), ('au18', 0.25)):
            speech = timing.speech(rng, num_frames)
            units[:, unit_index(name)] += amount * most * speech[:, None]
    if rng.random() < 0.15:
        flash = 0.3 * timing.bump(num_frames, rng.uniform(0, num_frames), 8)
        for name in ('au1', 'au2'):
            units[:, unit_index(name)] += flash[:, None]
    blinks = timing.blinks(rng, num_frames)
    shut = unit_index('au43')
    units[:, shut] = np.maximum(units[:, shut], blinks[:, None])
