"""Checks of the options of a prediction. Comparisons are written so that NaN fails."""

from ..utils.checks import MARGINS, MAX_SECONDS, MIN_SECONDS


def check_seconds(window: float | None, stride: float, smooth: float) -> None:
    """Check the window length, stride and smoothing in seconds.

    Raises:
        ValueError: If one is out of its range.
    """
    steps = (stride,) if window is None else (window, stride)
    in_range = all(MIN_SECONDS <= value <= MAX_SECONDS for value in steps)
    if not in_range or not 0 <= smooth <= MAX_SECONDS:
        raise ValueError(
            f'window and stride must be from {MIN_SECONDS} to {MAX_SECONDS:.0f} and '
            f'smooth from 0 to {MAX_SECONDS:.0f}, in seconds; got {window}, {stride} '
            f'and {smooth}'
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
    if not MARGINS[0] <= margin <= MARGINS[1]:
        raise ValueError(f'margin must be a number in {[*MARGINS]}, got {margin}')


def check_rate(fps: float, limit: float | None) -> None:
    """Refuse a frame rate or a time limit that is out of range.

    Raises:
        ValueError: If one is.
    """
    for name, value in (('fps', fps), ('limit', limit)):
        if value is not None and not MIN_SECONDS <= value <= MAX_SECONDS:
            raise ValueError(
                f'{name} must be a number from {MIN_SECONDS} to {MAX_SECONDS:.0f}, got '
                f'{value}'
            )
