"""Time courses: onset, apex and offset, blinks, speech, slow drift."""

from dataclasses import dataclass

import numpy as np


def smooth_step(x: np.ndarray) -> np.ndarray:
    """Smooth step from 0 (at ``x <= 0``) to 1 (at ``x >= 1``)."""
    x = np.clip(x, 0, 1)
    return x * x * (3 - 2 * x)


def wander(rng: np.random.Generator, num_frames: int, period: float) -> np.ndarray:
    """Smooth noise of mean 0 and deviation about 1.

    Args:
        rng (np.random.Generator): Source of randomness.
        num_frames (int): Number of frames.
        period (float): Frames between control points.

    Returns:
        np.ndarray: Values of shape (num_frames,), float64.
    """
    knots = rng.normal(size=int(num_frames / period) + 3)
    at = np.arange(num_frames) / period + rng.random()
    left = at.astype(int)
    mix = smooth_step(at - left)
    return 1.15 * (knots[left] * (1 - mix) + knots[left + 1] * mix)


def bump(num_frames: int, centre: float, width: float) -> np.ndarray:
    """A bell of height 1 around ``centre``; all lengths in frames."""
    return np.exp(-(((np.arange(num_frames) - centre) / (0.5 * width)) ** 2))


def blinks(rng: np.random.Generator, num_frames: int) -> np.ndarray:
    """Closing of the eyes by blinks, shape (num_frames,), 0 (open) to 1 (closed)."""
    shut = np.zeros(num_frames)
    at = rng.uniform(-40, 60)
    while at < num_frames:
        shut = np.maximum(shut, bump(num_frames, at, rng.uniform(4, 6)))
        at += rng.uniform(25, 110)
    return np.where(shut < 0.02, 0, np.minimum(1.2 * shut, 1))


def speech(rng: np.random.Generator, num_frames: int) -> np.ndarray:
    """Opening of the mouth by speech, shape (num_frames,), 0 to about 1."""
    rate = rng.uniform(0.45, 0.8)
    phase = np.cumsum(rate * (1 + 0.35 * wander(rng, num_frames, 6)))
    syllables = 0.5 - 0.5 * np.cos(phase + rng.uniform(0, 6.3))
    words = smooth_step(0.9 + 1.2 * wander(rng, num_frames, rng.uniform(8, 20)))
    return rng.uniform(0.5, 1.0) * syllables * words


@dataclass(frozen=True)
class Course:
    """Onset, apex and offset of an expression in frames.

    Attributes:
        bursts (tuple): One or more tuples (start of the onset, its end, start of the
            offset, its end). Times outside the clip are allowed.
        rest (float): Share of the expression that remains after the offset.
        flutter (np.ndarray): Factor about 1 of shape (num_frames,).
    """

    bursts: tuple[tuple[float, float, float, float], ...]
    rest: float
    flutter: np.ndarray

    @classmethod
    def sample(
        cls, rng: np.random.Generator, num_frames: int, onset: float
    ) -> 'Course':
        """Draw a course; the onset or the offset always lies within the clip.

        Args:
            rng (np.random.Generator): Source of randomness.
            num_frames (int): Number of frames of the clip.
            onset (float): Frames from rest to apex; shortened in a short clip.

        Returns:
            Course: The course.
        """
        offset = onset * rng.uniform(1.0, 1.8)
        if num_frames > 120 and rng.random() < 0.5:
            middle = num_frames * rng.uniform(0.4, 0.6)
            bursts: tuple = (
                cls._burst(rng, 0, middle, onset, offset, 'whole'),
                cls._burst(rng, middle, num_frames, onset, offset, 'whole'),
            )
        else:
            kinds = ['whole', 'from onset', 'to apex', 'from apex']
            kind = str(rng.choice(kinds, p=[0.45, 0.15, 0.25, 0.15]))
            bursts = (cls._burst(rng, 0, num_frames, onset, offset, kind),)
        flutter = 1 + 0.07 * wander(rng, num_frames, rng.uniform(6, 18))
        return cls(bursts, rng.choice([0.0, rng.uniform(0, 0.25)]), flutter)

    @staticmethod
    def _burst(rng, first, last, onset, offset, kind):
        length = last - first
        shrink = min(1.0, 0.7 * length / (onset + offset))
        onset, offset = onset * shrink, offset * shrink
        slack = length - onset - offset
        never = 10.0 * (last + 1)
        if kind == 'from onset':
            begin = first - onset * rng.uniform(0.0, 0.4)
            leave = begin + onset + slack * rng.uniform(0.4, 1.0)
            return begin, begin + onset, leave, leave + offset
        if kind == 'to apex':
            begin = first + (length - onset) * rng.uniform(0.15, 0.6)
            return begin, begin + onset, never, never + 1
        if kind == 'from apex':
            leave = first + (length - offset) * rng.uniform(0.3, 0.7)
            return -never, -never + 1, leave, leave + offset
        begin = first + slack * rng.uniform(0.15, 0.45)
        leave = last - offset - slack * rng.uniform(0.05, 0.35)
        return begin, begin + onset, leave, leave + offset

    def levels(self, lag: float = 0.0) -> np.ndarray:
        """Levels, delayed by ``lag`` frames: shape (num_frames,), 0 to 1."""
        at = np.arange(len(self.flutter)) - lag
        level = np.zeros(len(at))
        for begin, full, leave, end in self.bursts:
            up = smooth_step((at - begin) / max(full - begin, 1))
            down = smooth_step((at - leave) / max(end - leave, 1))
            level = np.maximum(level, up * (1 - (1 - self.rest) * down))
        return np.clip(level * self.flutter, 0, 1)
