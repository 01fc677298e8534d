"""Praat: a TextGrid with one interval tier per face."""

from pathlib import Path

from ..results import VideoResult
from .formats import file_format
from .labels import plain_text


@file_format('textgrid', 'segments.TextGrid', module='pympi')
def write_textgrid(path: Path, result: VideoResult) -> None:
    """Intervals without an emotion have an empty label."""
    import pympi

    end = max([result.duration, *(face.last for face in result.faces)])
    grid = pympi.Praat.TextGrid(xmin=0, xmax=end or 1 / result.fps)
    for face in result.faces:
        tier = grid.add_tier(f'face {face.id}')
        for segment in face.segments:
            name = plain_text(result.classes[segment.emotion])
            tier.add_interval(segment.onset, segment.offset, name)
    grid.to_file(str(path))
