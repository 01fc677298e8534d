"""Emotions of faces over time as SVG, with a movable cursor."""

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np

from .timelines import MAX_FACES, class_colors

_WIDTH, _LEFT, _RIGHT = 900, 44, 888
_PANEL, _TOP, _BOTTOM = 120, 22, 112  # of a panel, downwards


def timeline_svg(
    lines: Mapping[str, tuple[np.ndarray, np.ndarray]],
    classes: Sequence[str],
    duration: float,
) -> str:
    """Draw the probabilities over time as SVG, with one panel per face.

    Each panel has a ``<line class="cursor">``. The attributes ``data-left`` and
    ``data-right`` of ``<svg>`` are the x of 0 and of ``data-duration`` seconds.

    Args:
        lines (Mapping): As in :func:`.plot_timelines`.
        classes (Sequence[str]): Names of the classes.
        duration (float): Seconds of the complete video.

    Returns:
        str: One ``<svg>``; all text in it is escaped.

    Raises:
        ValueError: If there is no face.

    Examples:
        >>> line = np.array([0.5, 1.5]), np.array([[1.0, 0.0], [0.5, 0.5]])
        >>> timeline_svg({'face 1': line}, ['happy', 'sad'], 2.0).count('<polyline')
        2
    """
    if not lines:
        raise ValueError('there is no face to draw')
    shown = list(lines.items())[:MAX_FACES]
    duration = max(duration, 1e-3)
    colors = [
        '#' + ''.join(f'{round(255 * value):02x}' for value in color)
        for color in class_colors(len(classes))
    ]
    height = _PANEL * len(shown) + 44
    parts = [
        f'<svg class="timelines" viewBox="0 0 {_WIDTH} {height}" '
        f'data-left="{_LEFT}" data-right="{_RIGHT}" data-duration="{duration:.3f}" '
        'role="img" aria-label="probabilities over time" '
        'font-family="system-ui, sans-serif" font-size="12" fill="currentColor">'
    ]
    for number, (name, (times, values)) in enumerate(shown):
        parts.append(f'<g transform="translate(0 {_PANEL * number})">')
        parts += _frame(name)
        x = _LEFT + np.clip(times / duration, 0, 1) * (_RIGHT - _LEFT)
        y = _BOTTOM - values * (_BOTTOM - _TOP)
        for column, color in enumerate(colors):
            points = list(zip(x.tolist(), y[:, column].tolist()))
            parts += _curve(points, color)
        parts.append(
            f'<line class="cursor" x1="{_LEFT}" x2="{_LEFT}" y1="{_TOP}" '
            f'y2="{_BOTTOM}" stroke="currentColor" stroke-width="1.5"/></g>'
        )
    parts += _seconds(_PANEL * len(shown), duration)
    parts += _legend(height - 8, classes, colors)
    return ''.join([*parts, '</svg>'])


def _frame(name: str) -> list[str]:
    middle = (_TOP + _BOTTOM) / 2
    parts = [
        f'<text x="{_LEFT}" y="{_TOP - 6}" font-weight="600">{escape(name)}</text>'
    ]
    for y, label in ((_TOP, '1'), (middle, '0.5'), (_BOTTOM, '0')):
        parts.append(
            f'<line x1="{_LEFT}" x2="{_RIGHT}" y1="{y}" y2="{y}" '
            'stroke="currentColor" stroke-opacity="0.2"/>'
            f'<text x="{_LEFT - 6}" y="{y + 4}" text-anchor="end">{label}</text>'
        )
    return parts


def _curve(points: list[tuple[float, float]], color: str) -> list[str]:
    text = ' '.join(f'{x:.1f},{y:.1f}' for x, y in points)
    parts = [
        f'<polyline points="{text}" fill="none" stroke="{color}" stroke-width="2"/>'
    ]
    if len(points) == 1:  # a face with one window
        (x, y), *_ = points
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{color}"/>')
    return parts


def _seconds(top: int, duration: float) -> list[str]:
    step = next(
        (s for s in (0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600) if duration / s <= 12),
        3600,
    )
    marks = np.arange(0, duration + 1e-6, step)
    return [
        f'<text x="{_LEFT + second / duration * (_RIGHT - _LEFT):.1f}" y="{top + 8}" '
        f'text-anchor="middle">{second:g} s</text>'
        for second in marks.tolist()
    ]


def _legend(y: int, classes: Sequence[str], colors: Sequence[str]) -> list[str]:
    each = (_RIGHT - _LEFT) / len(classes)
    parts = []
    for number, (name, color) in enumerate(zip(classes, colors)):
        x = _LEFT + number * each
        parts.append(
            f'<rect x="{x:.1f}" y="{y - 9}" width="10" height="10" fill="{color}"/>'
            f'<text x="{x + 15:.1f}" y="{y}">{escape(name)}</text>'
        )
    return parts
