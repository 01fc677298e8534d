"""Checks of the options of a prediction. Comparisons are written so that NaN fails."""

import math


def check_seconds(window: float | None, stride: float, smooth: float) -> None:
    """Check the window length, stride and smoothing in seconds.

    Raises:
        ValueError: If one is out of its range.
    """
    steps = (stride,) if window is None else (window, stride)
    if not all(0 < value < math.inf for value in steps) or not 0 <= smooth < math.inf:
        raise ValueError(
            'window and stride must be above 0 and smooth 0 or more, in seconds; got '
            f'{window}, {stride} and {smooth}'
        )


def check_options(
    batch_size: int, detect_every: int, margin: float, on_cuts: str | None
) -> None:
    """Check the other options of :class:`.ExpressionInferencer`.

    Raises:
        ValueError: If one is.
    """
    if batch_size < 1 or detect_every < 1:
        raise ValueError(
            'batch_size and detect_every must be 1 or more, got '
            f'{batch_size} and {detect_every}'
        )
    if on_cuts not in (None, 'split', 'keep'):
        raise ValueError(f"on_cuts must be 'split' or 'keep', got {on_cuts!r}")
    if not -0.5 < margin < math.inf:
        raise ValueError(f'margin must be a number above -0.5, got {margin}')


def check_rate(fps: float, limit: float | None) -> None:
    """Refuse a frame rate or a time limit that is not a number above 0.

    Raises:
        ValueError: If one is.
    """
    for name, value in (('fps', fps), ('limit', limit)):
        if value is not None and not 0 < value < math.inf:
            raise ValueError(f'{name} must be a number above 0, got {value}')
